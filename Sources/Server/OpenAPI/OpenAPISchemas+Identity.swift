import Conversation

extension OpenAPISchemas {
  private static let role = choice(Role.self)

  // MARK: Sent

  static let identityReplies: [String: JSON] = [
    "SignInDescription": closed([
      "type": ["type": "string", "enum": ["noop", "local", "jwt_local", "jwt_oidc"]], "passwords": flag,
      "openid": orNull(closed(["label": text])), "first_run": flag,
    ]),
    "SignedIn": closed(["status": ["const": "ok"], "user_id": id]),
    "Account": closed(
      [
        "user_id": id, "name": text, "role": role, "auth_type": text, "must_change_password": flag,
        "budget": reference("Budget"),
      ],
      optional: ["login": text, "session_id": id]),
    "Session": closed([
      "session_id": id, "user_id": id, "created_at": moment, "seen_at": moment, "expires_at": moment,
      "address": text, "agent": text,
    ]),
    "APIKey": closed(
      ["key_id": id, "user_id": id, "name": text, "hint": text, "scope": role, "created_at": moment],
      optional: ["expires_at": moment, "used_at": moment, "revoked_at": moment]),
    "NewAPIKey": closed(["key": text, "api_key": reference("APIKey")]),
    "SharedAssistant": closed([
      "assistant_id": id, "user_id": id, "name": text, "config": ["type": "object"], "updated_at": moment,
      "public": flag, "access": choice(SharedAccess.self),
    ]),
    "Share": closed(
      ["name": text, "access": choice(SharedAccess.self)], optional: ["user_id": id, "group_id": id]),
    "Directory": closed([
      "users": list(of: "DirectoryUser"),
      "groups": ["type": "array", "items": closed(["group_id": id, "name": text])],
    ]),
    "DirectoryUser": closed(["user_id": id, "name": text]),
    "User": closed([
      "user_id": id, "name": text, "login": orNull(text), "subject": text, "role": role,
      "groups": ["type": "array", "items": id], "disabled_at": orNull(moment), "created_at": moment,
      "seen_at": orNull(moment),
    ]),
    "NewUser": closed(["user": reference("User")], optional: ["password": text]),
    "NewPassword": closed(["status": ["const": "ok"]], optional: ["password": text]),
    "Group": closed(["group_id": id, "name": text, "member_count": integer(0), "created_at": moment]),
    "Budget": closed([:], optional: bounds(orNull(integer(0)))),
    "AuditEntry": closed(
      [
        "seq": integer(1), "at": moment, "user_name": text, "action": text, "object": text,
        "detail": ["type": "object"], "address": text,
      ],
      optional: ["user_id": id]),
    "LimitReached": closed([
      "detail": text, "limit": closed(["name": text, "value": integer(0)]), "until": orNull(moment),
    ]),
  ]

  private static func bounds(_ schema: JSON) -> [String: JSON] {
    Dictionary(BudgetExcess.Bound.allCases.map { ($0.rawValue, schema) }) { first, _ in first }
  }

  // MARK: Taken

  static let identityPayloads: [String: JSON] = [
    "FirstRunPayload": open(
      ["token": text, "login": login, "password": password], optional: ["name": orNull(text)]),
    "SignInPayload": open(["login": text, "password": text]),
    "RenamePayload": open(["name": ["type": "string", "pattern": "\\S"]]),
    "PasswordPayload": open(["current": text, "new": password]),
    "APIKeyPayload": open(
      ["name": text],
      optional: [
        "scope": orNull(role),
        "expires_in_days": orNull(["type": "integer", "minimum": 1, "maximum": 3_650]),
      ]),
    "SharesPayload": open([
      "shares": [
        "type": "array", "maxItems": .integer(IdentityLimits.sharesPerAssistant),
        "items": [
          "anyOf": [
            closed(["user_id": id], optional: ["access": orNull(choice(SharedAccess.self))]),
            closed(["group_id": id], optional: ["access": orNull(choice(SharedAccess.self))]),
          ]
        ],
      ]
    ]),
    "NewUserPayload": open(
      ["login": login],
      optional: ["name": orNull(text), "role": orNull(role), "password": orNull(password)]),
    "UserPayload": open(["name": text], optional: ["role": orNull(role), "disabled": flag]),
    "NewPasswordPayload": open([:], optional: ["password": orNull(password)]),
    "BudgetPayload": open(
      [:],
      optional: bounds(orNull(["type": "integer", "minimum": 0, "maximum": 1_000_000_000_000_000]))),
  ]

  private static let login: JSON = ["type": "string", "pattern": "^[a-zA-Z0-9._@+-]{1,100}$"]
  private static let password: JSON = [
    "type": "string", "minLength": .integer(IdentityLimits.passwordCharacters.lowerBound),
    "maxLength": .integer(IdentityLimits.passwordCharacters.upperBound),
  ]
}
