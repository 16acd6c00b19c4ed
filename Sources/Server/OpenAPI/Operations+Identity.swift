import Conversation
import HTTPTypes

extension OpenAPIDocument {
  // MARK: Coming in

  static let signInOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/auth", id: "describe_sign_in", noun: .account, summary: "How people sign in here",
      isSignedIn: false, answer: .json(Schemas.reference("SignInDescription"), "The ways there are.")),
    DocumentedOperation(
      method: .post, path: "/auth/first-run", id: "take_first_run_link", noun: .account,
      summary: "Make the first account by the link from the server's log, and sign it in", isSignedIn: false,
      body: .json("FirstRunPayload"),
      answer: .json(Schemas.reference("SignedIn"), "A session cookie comes with it."),
      refusals: [.notFound, .conflict, .tooMany]),
    DocumentedOperation(
      method: .post, path: "/auth/sign-in", id: "sign_in", noun: .account, summary: "Sign in with a password",
      isSignedIn: false, body: .json("SignInPayload"),
      answer: .json(Schemas.reference("SignedIn"), "A session cookie comes with it."),
      refusals: [.unauthorized, .notFound, .tooMany]),
    DocumentedOperation(
      method: .post, path: "/auth/sign-out", id: "sign_out", noun: .account, summary: "End this session",
      answer: .json(Schemas.reference("Done"), "It has ended.")),
    DocumentedOperation(
      method: .get, path: "/auth/openid", id: "begin_openid", noun: .account,
      summary: "Sign in at the OpenID provider: for browsers, which are sent there", isSignedIn: false,
      query: [
        .init(name: "return_to", description: "Where the page goes on, as `/thread/…`.", schema: Schemas.text)
      ],
      answer: .redirect("To the provider."), refusals: [.notFound]),
    DocumentedOperation(
      method: .get, path: "/auth/openid/callback", id: "finish_openid", noun: .account,
      summary: "Where the OpenID provider sends browsers back to", isSignedIn: false,
      query: [
        .init(name: "state", description: "As it was given.", schema: Schemas.text),
        .init(name: "code", description: "The authorization code.", schema: Schemas.text),
      ],
      answer: .redirect("To the page, signed in or told why not.")),
  ]

  // MARK: One's own account

  static let accountOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/account", id: "get_account", noun: .account,
      summary: "Who you are, what you may do and take", answer: .json(Schemas.reference("Account"), "You.")),
    DocumentedOperation(
      method: .put, path: "/account", id: "rename_account", noun: .account, summary: "What you are called",
      body: .json("RenamePayload"), answer: .json(Schemas.reference("Done"), "Done.")),
    DocumentedOperation(
      method: .put, path: "/account/password", id: "set_own_password", noun: .account,
      summary: "Change your password; your other sessions end", body: .json("PasswordPayload"),
      answer: .json(Schemas.reference("Done"), "Done.")),
    DocumentedOperation(
      method: .get, path: "/account/sessions", id: "list_sessions", noun: .account,
      summary: "Where you are signed in", query: paging,
      answer: .json(Schemas.list(of: "Session"), "Last used first.")),
    DocumentedOperation(
      method: .delete, path: "/account/sessions", id: "end_other_sessions", noun: .account,
      summary: "Sign out everywhere else", answer: .json(Schemas.reference("Done"), "Done.")),
    DocumentedOperation(
      method: .delete, path: "/account/sessions/{session_id}", id: "end_session", noun: .account,
      summary: "End one of your sessions", answer: .json(Schemas.reference("Done"), "Done.")),
    DocumentedOperation(
      method: .get, path: "/account/api-keys", id: "list_api_keys", noun: .account, summary: "Your API keys",
      query: paging, answer: .json(Schemas.list(of: "APIKey"), "Newest first, revoked ones too.")),
    DocumentedOperation(
      method: .post, path: "/account/api-keys", id: "create_api_key", noun: .account,
      summary: "Make an API key, which is shown this once", body: .json("APIKeyPayload"),
      answer: .json(Schemas.reference("NewAPIKey"), "The key."), refusals: [.conflict]),
    DocumentedOperation(
      method: .delete, path: "/account/api-keys/{key_id}", id: "revoke_api_key", noun: .account,
      summary: "Revoke an API key; streams it has open end",
      answer: .json(Schemas.reference("APIKey"), "It, revoked.")),
  ]

  // MARK: Sharing

  static let sharingOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/assistants/shared", id: "list_shared_assistants", noun: .assistants,
      summary: "Assistants that others share with you", query: paging,
      answer: .json(Schemas.list(of: "SharedAssistant"), "Each with what you may do with it.")),
    DocumentedOperation(
      method: .get, path: "/assistants/{assistant_id}/shares", id: "list_shares", noun: .assistants,
      summary: "With whom your assistant is shared",
      query: paging, answer: .json(Schemas.list(of: "Share"), "Users and groups.")),
    DocumentedOperation(
      method: .put, path: "/assistants/{assistant_id}/shares", id: "set_shares", noun: .assistants,
      summary: "Share your assistant with these users and groups, and with no others",
      body: .json("SharesPayload"), answer: .json(Schemas.list(of: "Share"), "As it is now.")),
    DocumentedOperation(
      method: .get, path: "/directory", id: "list_directory", noun: .account,
      summary: "Users and groups something can be shared with", query: [words] + paging,
      answer: .json(Schemas.reference("Directory"), "Names and ids.")),
  ]

  // MARK: Administration

  static let administrationOperations: [DocumentedOperation] =
    userOperations + groupOperations + [
      DocumentedOperation(
        method: .get, path: "/admin/budget", id: "get_common_budget", noun: .administration,
        summary: "What everybody may take", answer: .json(Schemas.reference("Budget"), "Null is no bound.")),
      DocumentedOperation(
        method: .put, path: "/admin/budget", id: "set_common_budget", noun: .administration,
        summary: "Set what everybody may take", body: .json("BudgetPayload"),
        answer: .json(Schemas.reference("Budget"), "As it is now.")),
      DocumentedOperation(
        method: .get, path: "/admin/audit", id: "list_audit", noun: .administration,
        summary: "Who did what, newest first",
        query: auditQuery + [
          .init(
            name: "limit", description: "How many at most.",
            schema: Schemas.integer(1, IdentityLimits.auditRowsMaximum, default: IdentityLimits.auditRows))
        ],
        answer: .json(Schemas.list(of: "AuditEntry"), "A page of the log.")),
      DocumentedOperation(
        method: .get, path: "/admin/audit/export", id: "export_audit", noun: .administration,
        summary: "Who did what, all of it, one JSON object a line", query: auditQuery,
        answer: .bytes("JSON lines.", type: "application/x-ndjson")),
    ]

  private static let userOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/admin/users", id: "list_users", noun: .administration, summary: "Users, by name",
      query: [words] + paging, answer: .json(Schemas.list(of: "User"), "A page of them.")),
    DocumentedOperation(
      method: .post, path: "/admin/users", id: "create_user", noun: .administration,
      summary: "Make an account", body: .json("NewUserPayload"),
      answer: .json(Schemas.reference("NewUser"), "The user, and the password if none was given."),
      refusals: [.conflict, .tooMany]),
    DocumentedOperation(
      method: .get, path: "/admin/users/{user_id}", id: "get_user", noun: .administration,
      summary: "One user",
      answer: .json(Schemas.reference("User"), "They.")),
    DocumentedOperation(
      method: .put, path: "/admin/users/{user_id}", id: "change_user", noun: .administration,
      summary: "Name, role, and whether they may come in; disabling ends what they have open",
      body: .json("UserPayload"), answer: .json(Schemas.reference("User"), "They, as they are now."),
      refusals: [.conflict]),
    DocumentedOperation(
      method: .post, path: "/admin/users/{user_id}/password", id: "set_password", noun: .administration,
      summary: "Set a password that its user has to replace", body: .json("NewPasswordPayload"),
      answer: .json(Schemas.reference("NewPassword"), "The password, if none was given."),
      refusals: [.conflict, .tooMany]),
    DocumentedOperation(
      method: .delete, path: "/admin/users/{user_id}/sessions", id: "end_user_sessions",
      noun: .administration,
      summary: "Sign a user out everywhere", answer: .json(Schemas.reference("Done"), "Done.")),
    DocumentedOperation(
      method: .get, path: "/admin/users/{user_id}/api-keys", id: "list_user_api_keys", noun: .administration,
      summary: "A user's API keys", query: paging,
      answer: .json(Schemas.list(of: "APIKey"), "Never the keys themselves.")),
    DocumentedOperation(
      method: .delete, path: "/admin/users/{user_id}/api-keys/{key_id}", id: "revoke_user_api_key",
      noun: .administration, summary: "Revoke a user's API key",
      answer: .json(Schemas.reference("APIKey"), "It, revoked.")),
    DocumentedOperation(
      method: .get, path: "/admin/users/{user_id}/budget", id: "get_user_budget", noun: .administration,
      summary: "What a user may take other than everybody",
      answer: .json(Schemas.reference("Budget"), "Null is as for everybody.")),
    DocumentedOperation(
      method: .put, path: "/admin/users/{user_id}/budget", id: "set_user_budget", noun: .administration,
      summary: "Set what a user may take other than everybody", body: .json("BudgetPayload"),
      answer: .json(Schemas.reference("Budget"), "As it is now.")),
  ]

  private static let groupOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/admin/groups", id: "list_groups", noun: .administration,
      summary: "Groups, by name",
      query: paging, answer: .json(Schemas.list(of: "Group"), "A page of them.")),
    DocumentedOperation(
      method: .post, path: "/admin/groups", id: "create_group", noun: .administration,
      summary: "Make a group",
      body: .json("RenamePayload"), answer: .json(Schemas.reference("Group"), "It."), refusals: [.conflict],
      links: [
        .init(operation: "list_members", parameters: ["group_id": "$response.body#/group_id"]),
        .init(operation: "rename_group", parameters: ["group_id": "$response.body#/group_id"]),
        .init(operation: "delete_group", parameters: ["group_id": "$response.body#/group_id"]),
      ]),
    DocumentedOperation(
      method: .put, path: "/admin/groups/{group_id}", id: "rename_group", noun: .administration,
      summary: "Rename a group", body: .json("RenamePayload"),
      answer: .json(Schemas.reference("Group"), "It."),
      refusals: [.conflict]),
    DocumentedOperation(
      method: .delete, path: "/admin/groups/{group_id}", id: "delete_group", noun: .administration,
      summary: "Delete a group; what was shared with it no longer is",
      answer: .json(Schemas.reference("Done"), "Done.")),
    DocumentedOperation(
      method: .get, path: "/admin/groups/{group_id}/members", id: "list_members", noun: .administration,
      summary: "Who is in a group", query: paging,
      answer: .json(Schemas.list(of: "DirectoryUser"), "Users, by name.")),
    DocumentedOperation(
      method: .put, path: "/admin/groups/{group_id}/members/{user_id}", id: "add_member",
      noun: .administration, summary: "Put a user into a group",
      answer: .json(Schemas.reference("Done"), "They are in.")),
    DocumentedOperation(
      method: .delete, path: "/admin/groups/{group_id}/members/{user_id}", id: "remove_member",
      noun: .administration, summary: "Take a user out of a group",
      answer: .json(Schemas.reference("Done"), "They are not in it.")),
  ]

  // MARK: Parts

  private static let words = DocumentedOperation.Parameter(
    name: "q", description: "Part of a name.", schema: Schemas.text)

  private static let auditQuery: [DocumentedOperation.Parameter] = [
    .init(name: "user_id", description: "Only what this user did.", schema: Schemas.id),
    .init(
      name: "action", description: "Only this action, or those that begin with it and a dot.",
      schema: Schemas.text),
    .init(
      name: "before", description: "Only entries older than this `seq`.", schema: Schemas.integer(0, .max)),
  ]
}
