import ArgumentParser

/// The program: one daemon, and the commands around it.
@main
struct OpenGPTs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "opengpts",
    abstract: "A self-hosted assistant server: one process, one data directory.",
    discussion: """
        opengpts serve --listen 127.0.0.1:8100 --data ./data
        opengpts ask "What does the contract say about notice?" --assistant Contracts
      Settings: opengpts config show; /etc/opengpts/config.toml, ./data/config.toml
      Exit codes: 0 done, 1 failed, 64 wrong usage, 78 wrong settings.
      """,
    version: ApplicationVersion.number,
    subcommands: [
      ServeCommand.self, AskCommand.self, IngestCommand.self, BenchCommand.self, ConfigCommand.self,
      BackupCommand.self, VerifyCommand.self, RestoreCommand.self, MigrateCommand.self, ReloadCommand.self,
      DoctorCommand.self, UserCommand.self,
      ModelCommand.self, ReindexCommand.self, VersionCommand.self, DocumentWorkerCommand.self,
    ])
}
