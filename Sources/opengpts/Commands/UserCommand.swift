import ArgumentParser
import Conversation
import Foundation

/// Users and their accounts, for whoever can read the data directory: also when nobody can sign in any more.
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Add, list and change users.",
    subcommands: [Add.self, List.self, Change.self, Passwd.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a user; prints the password to give them, which they have to change.")

    @Argument(help: "What they sign in with.") var login: String
    @Option(help: "What they are called.") var name = ""
    @Option(help: "viewer, member or admin.") var role = Role.member
    @OptionGroup var options: SettingsOptions

    func run() async throws {
      let user: JSON = [
        "login": .string(login), "name": .string(name), "role": .string(role.rawValue),
      ]
      try await DaemonClient.with(try options.load()) { client in
        let made = try await client.fetch("POST", "/admin/users", json: user)
        print(made["password"]?.string ?? "")
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List all users.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: SettingsOptions

    func run() async throws {
      let json = json
      try await DaemonClient.with(try options.load()) { client in
        let users = try await client.fetch("GET", "/admin/users?limit=10000")
        print(json ? users.text : users.array?.map(UserCommand.line).joined(separator: "\n") ?? "")
      }
    }
  }

  struct Change: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Change a user's role, or shut them out; what they have open ends at once.")

    @Argument(help: "What they sign in with, or their id.") var user: String
    @Option(help: "viewer, member or admin.") var role: Role?
    @Flag(inversion: .prefixedEnableDisable, help: "Let them in again, or shut them out.") var access: Bool?
    @OptionGroup var options: SettingsOptions

    func run() async throws {
      let (name, role, access) = (user, role, access)
      try await DaemonClient.with(try options.load()) { client in
        let user = try await UserCommand.user(name, client)
        let change: JSON = [
          "name": user["name"] ?? "", "role": role.map { .string($0.rawValue) } ?? nil,
          "disabled": .bool(access.map { !$0 } ?? (user["disabled_at"]?.string != nil)),
        ]
        let changed = try await client.fetch(
          "PUT", "/admin/users/\(user["user_id"]?.string ?? "")", json: change)
        print(UserCommand.line(changed))
      }
    }
  }

  struct Passwd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a user a new password, which is printed and has to be changed; their sessions end.")

    @Argument(help: "What they sign in with, or their id.") var user: String
    @OptionGroup var options: SettingsOptions

    func run() async throws {
      let name = user
      try await DaemonClient.with(try options.load()) { client in
        let id = try await UserCommand.user(name, client)["user_id"]?.string ?? ""
        let reply = try await client.fetch("POST", "/admin/users/\(id)/password", json: [:])
        print(reply["password"]?.string ?? "")
      }
    }
  }

  /// - Throws: `CommandFailure` when there is none of that name.
  private static func user(_ name: String, _ client: DaemonClient) async throws -> JSON {
    let all = try await client.fetch("GET", "/admin/users?limit=10000").array ?? []
    let found = all.first {
      $0["login"]?.string == name.lowercased() || $0["user_id"]?.string == name.lowercased()
    }
    guard let found else {
      throw CommandFailure(message: "There is no user \"\(name)\". `opengpts user list` names all.")
    }
    return found
  }

  private static func line(_ user: JSON) -> String {
    [
      user["login"]?.string ?? user["subject"]?.string ?? "", user["role"]?.string ?? "",
      user["disabled_at"]?.string == nil ? "" : "disabled", user["user_id"]?.string ?? "",
      user["name"]?.string ?? "",
    ].joined(separator: "\t")
  }
}

extension Role: ExpressibleByArgument {}
