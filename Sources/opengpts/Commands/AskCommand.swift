import ArgumentParser
import Conversation
import Foundation
import Transport

struct AskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Ask an assistant, and print its answer as it comes.")

  @Argument(help: "The question.") var question: String
  @Option(help: ArgumentHelp("Whom to ask; else the assistant that was changed last.", valueName: "name"))
  var assistant: String?
  @OptionGroup var options: SettingsOptions

  func run() async throws {
    let settings = try options.load()
    let (question, assistant) = (question, assistant)
    try await DaemonClient.with(settings) { client in
      try await Answer(client: client, question: question).print(from: client.assistant(named: assistant))
    }
  }
}

/// One question and its answer on the terminal.
private struct Answer: Sendable {
  let client: DaemonClient
  let question: String

  func print(from assistant: JSON) async throws {
    guard let id = assistant["assistant_id"] else {
      throw CommandFailure(message: "The daemon's reply is odd.")
    }
    let thread = try await client.fetch(
      "POST", "/threads", json: ["assistant_id": id, "name": .string(question)])
    let message: JSON = ["type": "human", "content": .string(question)]
    let isRetrieval = assistant["config"]?["configurable"]?["type"] == "chat_retrieval"
    let run: JSON = [
      "thread_id": thread["thread_id"] ?? nil, "stream_mode": "deltas",
      "input": isRetrieval ? ["messages": [message]] : [message],
    ]
    var shown = Shown()
    for try await event in try await client.events("/runs/stream", json: run) {
      try show(event, in: &shown)
    }
    Swift.print()
    printSources(of: shown.answer)
  }

  /// What stands on the terminal already.
  private struct Shown {
    var id: JSON?
    var text = ""
    /// The last finished answer.
    var answer: JSON = nil
  }

  /// Pieces are printed as they come; a finished message brings what was not sent in pieces.
  private func show(_ event: ServerSentEvent, in shown: inout Shown) throws {
    let data = try? JSON(parsing: event.data)
    switch event.event {
    case "delta":
      if data?["id"] != shown.id { shown = Shown(id: data?["id"]) }
      add(data?["content"]?.string ?? "", to: &shown)
    case "data":
      guard let answer = data?.array?.last, answer["type"] == "ai", let text = answer["content"]?.string
      else { return }
      if answer["id"] != shown.id { shown = Shown(id: answer["id"]) }
      add(String(text.dropFirst(shown.text.count)), to: &shown)
      shown.answer = answer
    case "error":
      throw CommandFailure(message: data?["message"]?.string ?? "The run failed.")
    default:
      break
    }
  }

  private func add(_ text: String, to shown: inout Shown) {
    shown.text += text
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  private func printSources(of message: JSON) {
    guard let citations = try? message["additional_kwargs"]?["citations"]?.decoded(as: [Citation].self) else {
      return
    }
    Swift.print()
    for citation in citations {
      Swift.print("[\(citation.number)] \(citation.source)\(citation.page.map { ", page \($0)" } ?? "")")
    }
  }
}
