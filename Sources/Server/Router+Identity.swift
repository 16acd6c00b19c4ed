import Conversation
import Engine
import HTTPTypes

extension Router {
  /// Coming in, one's own account, and the administration of everybody's.
  static func identity(gate: Gate, engine: Engine, monitoring: Monitoring) -> [Route] {
    let signIn = SignInRoutes(gate: gate)
    let account = AccountRoutes(gate: gate)
    let users = UserRoutes(gate: gate, engine: engine)
    let groups = GroupRoutes(gate: gate)
    let audit = AuditRoutes(gate: gate)
    let backups = BackupRoutes(monitoring: monitoring)
    return [
      Route(method: .get, path: "/auth", work: .anyone(signIn.describe)),
      Route(method: .post, path: "/auth/first-run", work: .anyone(signIn.firstRun), audits: "user.create"),
      Route(method: .post, path: "/auth/sign-in", work: .anyone(signIn.signIn), audits: "session.begin"),
      Route(
        method: .post, path: "/auth/sign-out", work: .caller(atLeast: .viewer, signIn.signOut),
        audits: "session.end"),
      Route(method: .get, path: "/auth/openid", work: .anyone(signIn.beginOpenID)),
      Route(
        method: .get, path: "/auth/openid/callback", work: .anyone(signIn.finishOpenID),
        audits: "session.begin"),

      Route(method: .get, path: "/account", work: .caller(atLeast: .viewer, account.get)),
      Route(
        method: .put, path: "/account", work: .caller(atLeast: .viewer, account.rename),
        audits: "account.rename"),
      Route(
        method: .put, path: "/account/password", work: .caller(atLeast: .viewer, account.setPassword),
        audits: "account.password"),
      Route(method: .get, path: "/account/sessions", work: .caller(atLeast: .viewer, account.sessions)),
      Route(
        method: .delete, path: "/account/sessions",
        work: .caller(atLeast: .viewer, account.endOtherSessions), audits: "session.end"),
      Route(
        method: .delete, path: "/account/sessions/{session_id}",
        work: .caller(atLeast: .viewer, account.endSession), audits: "session.end"),
      Route(method: .get, path: "/account/api-keys", work: .caller(atLeast: .viewer, account.apiKeys)),
      Route(
        method: .post, path: "/account/api-keys", work: .caller(atLeast: .viewer, account.makeAPIKey),
        audits: "key.create"),
      Route(
        method: .delete, path: "/account/api-keys/{key_id}",
        work: .caller(atLeast: .viewer, account.revokeAPIKey), audits: "key.revoke"),

      Route(method: .get, path: "/directory", work: .caller(atLeast: .member, groups.directory)),

      Route(method: .get, path: "/admin/users", work: .caller(atLeast: .admin, users.list)),
      Route(
        method: .post, path: "/admin/users", work: .caller(atLeast: .admin, users.create),
        audits: "user.create"),
      Route(method: .get, path: "/admin/users/{user_id}", work: .caller(atLeast: .admin, users.get)),
      Route(
        method: .put, path: "/admin/users/{user_id}", work: .caller(atLeast: .admin, users.change),
        audits: "user.change"),
      Route(
        method: .post, path: "/admin/users/{user_id}/password",
        work: .caller(atLeast: .admin, users.setPassword), audits: "user.password"),
      Route(
        method: .delete, path: "/admin/users/{user_id}/sessions",
        work: .caller(atLeast: .admin, users.endSessions), audits: "session.end"),
      Route(
        method: .get, path: "/admin/users/{user_id}/api-keys", work: .caller(atLeast: .admin, users.apiKeys)),
      Route(
        method: .delete, path: "/admin/users/{user_id}/api-keys/{key_id}",
        work: .caller(atLeast: .admin, users.revokeAPIKey), audits: "key.revoke"),
      Route(
        method: .get, path: "/admin/users/{user_id}/budget", work: .caller(atLeast: .admin, users.budget)),
      Route(
        method: .put, path: "/admin/users/{user_id}/budget", work: .caller(atLeast: .admin, users.setBudget),
        audits: "budget.set"),
      Route(method: .get, path: "/admin/budget", work: .caller(atLeast: .admin, users.budget)),
      Route(
        method: .put, path: "/admin/budget", work: .caller(atLeast: .admin, users.setBudget),
        audits: "budget.set"),
      Route(method: .get, path: "/admin/groups", work: .caller(atLeast: .admin, groups.list)),
      Route(
        method: .post, path: "/admin/groups", work: .caller(atLeast: .admin, groups.create),
        audits: "group.create"),
      Route(
        method: .put, path: "/admin/groups/{group_id}", work: .caller(atLeast: .admin, groups.rename),
        audits: "group.rename"),
      Route(
        method: .delete, path: "/admin/groups/{group_id}", work: .caller(atLeast: .admin, groups.delete),
        audits: "group.delete"),
      Route(
        method: .get, path: "/admin/groups/{group_id}/members",
        work: .caller(atLeast: .admin, groups.members)),
      Route(
        method: .put, path: "/admin/groups/{group_id}/members/{user_id}",
        work: .caller(atLeast: .admin, groups.add), audits: "group.add"),
      Route(
        method: .delete, path: "/admin/groups/{group_id}/members/{user_id}",
        work: .caller(atLeast: .admin, groups.remove), audits: "group.remove"),
      Route(method: .get, path: "/admin/audit", work: .caller(atLeast: .admin, audit.list)),
      Route(method: .get, path: "/admin/audit/export", work: .caller(atLeast: .admin, audit.export)),

      Route(method: .get, path: "/admin/backups", work: .caller(atLeast: .admin, backups.list)),
      Route(
        method: .post, path: "/admin/backups", work: .caller(atLeast: .admin, backups.start),
        audits: "backup.start"),
      Route(method: .get, path: "/admin/backups/status", work: .caller(atLeast: .admin, backups.status)),
      Route(
        method: .post, path: "/admin/backups/cancel", work: .caller(atLeast: .admin, backups.cancel),
        audits: "backup.cancel"),
      Route(
        method: .post, path: "/admin/backups/{name}/verify", work: .caller(atLeast: .admin, backups.verify),
        audits: "backup.verify"),
      Route(
        method: .delete, path: "/admin/backups/{name}", work: .caller(atLeast: .admin, backups.delete),
        audits: "backup.delete"),
    ]
  }
}
