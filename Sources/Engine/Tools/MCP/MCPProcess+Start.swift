import CSpawn
import Glibc

extension MCPProcess {
  struct Streams {
    var input = Ends()
    var output = Ends()
    var complaint = Ends()

    struct Ends {
      var read: Int32 = -1
      var write: Int32 = -1
    }

    mutating func open() -> Bool {
      for ends in [\Streams.input, \Streams.output, \Streams.complaint] {
        var pair: [Int32] = [-1, -1]
        guard spawn_pipe(&pair) == 0 else {
          closeChildEnds()
          closeOwnEnds()
          return false
        }
        self[keyPath: ends] = Ends(read: pair[0], write: pair[1])
      }
      return true
    }

    func closeChildEnds() {
      for end in [input.read, output.write, complaint.write] where end >= 0 { Glibc.close(end) }
    }

    func closeOwnEnds() {
      for end in [input.write, output.read, complaint.read] where end >= 0 { Glibc.close(end) }
    }
  }

  /// - Returns: 0, or the system's error code.
  static func spawn(_ launch: MCPLaunch, _ streams: Streams, _ child: inout pid_t) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, streams.input.read, 0)
    posix_spawn_file_actions_adddup2(&actions, streams.output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, streams.complaint.write, 2)
    _ = spawn_close_from(&actions, 3)
    if let directory = launch.directory { _ = spawn_change_directory(&actions, directory) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    guard let path = launch.command.first else { return EINVAL }
    let names = Set(launch.environment.map { $0.prefix { $0 != "=" } })
    let environment =
      Self.environment.filter { !names.contains($0.prefix { $0 != "=" }) } + launch.environment
    let arguments = launch.command.map { strdup($0) }
    let variables = environment.map { strdup($0) }
    defer { for text in arguments + variables { free(text) } }
    return posix_spawn(&child, path, &actions, &attributes, arguments + [nil], variables + [nil])
  }
}
