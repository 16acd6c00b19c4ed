import Conversation
import HTTPTypes

extension OpenAPIDocument {
  typealias Schemas = OpenAPISchemas

  // MARK: Assistants

  static let assistantOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/assistants", id: "list_assistants", noun: .assistants,
      summary: "Your assistants", query: paging,
      answer: .json(Schemas.list(of: "Assistant"), "Your assistants, in no promised order.")),
    DocumentedOperation(
      method: .post, path: "/assistants", id: "create_assistant", noun: .assistants,
      summary: "Make an assistant", body: .json("AssistantPayload"),
      answer: .json(Schemas.reference("Assistant"), "The new assistant."), links: ofAssistant),
    DocumentedOperation(
      method: .get, path: "/assistants/public", id: "list_public_assistants", noun: .assistants,
      summary: "Assistants that others share, without their instructions, tool settings and keys",
      isSignedIn: false, query: paging,
      answer: .json(Schemas.list(of: "Assistant"), "The public assistants of everybody."),
      refusals: [.unauthorized]),
    DocumentedOperation(
      method: .get, path: "/assistants/{assistant_id}", id: "get_assistant", noun: .assistants,
      summary: "One assistant, yours or public", answer: .json(Schemas.reference("Assistant"), "It.")),
    DocumentedOperation(
      method: .put, path: "/assistants/{assistant_id}", id: "upsert_assistant", noun: .assistants,
      summary: "Change an assistant, or make one under an id of your choice", body: .json("AssistantPayload"),
      answer: .json(Schemas.reference("Assistant"), "It, as it is now."), links: ofAssistant),
    DocumentedOperation(
      method: .delete, path: "/assistants/{assistant_id}", id: "delete_assistant", noun: .assistants,
      summary: "Delete an assistant with its files; its threads stay",
      answer: .json(Schemas.reference("Done"), "It is not there, or no longer.")),
    DocumentedOperation(
      method: .get, path: "/assistants/{assistant_id}/versions", id: "list_assistant_versions",
      noun: .assistants, summary: "How your assistant was before, newest first", query: paging,
      answer: .json(Schemas.list(of: "AssistantVersion"), "One for each change.")),
    DocumentedOperation(
      method: .get, path: "/assistants/{assistant_id}/files", id: "list_assistant_files", noun: .assistants,
      summary: "The files an assistant knows", query: paging + [fileStatus],
      answer: .json(Schemas.list(of: "File"), "Its files."), links: ofFile),
  ]

  // MARK: Threads

  static let threadOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/threads", id: "list_threads", noun: .threads, summary: "Your threads",
      query: paging, answer: .json(Schemas.list(of: "Thread"), "Your threads, in no promised order.")),
    DocumentedOperation(
      method: .post, path: "/threads", id: "create_thread", noun: .threads, summary: "Begin a thread",
      body: .json("ThreadPostRequest"), answer: .json(Schemas.reference("Thread"), "The new thread."),
      refusals: [.notFound], links: ofThread),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}", id: "get_thread", noun: .threads, summary: "One thread",
      answer: .json(Schemas.reference("Thread"), "It.")),
    DocumentedOperation(
      method: .put, path: "/threads/{thread_id}", id: "upsert_thread", noun: .threads,
      summary: "Change a thread, or make one under an id of your choice", body: .json("ThreadPutRequest"),
      answer: .json(Schemas.reference("Thread"), "It, as it is now."), links: ofThread),
    DocumentedOperation(
      method: .delete, path: "/threads/{thread_id}", id: "delete_thread", noun: .threads,
      summary: "Delete a thread with all it holds",
      answer: .json(Schemas.reference("Done"), "It is not there, or no longer.")),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/state", id: "get_thread_state", noun: .threads,
      summary: "What a thread has come to, and what is next in it",
      query: [
        .init(
          name: "checkpoint_id", description: "How it was there, instead of where the thread stands.",
          schema: Schemas.id)
      ],
      answer: .json(Schemas.reference("ThreadState"), "Its state.")),
    DocumentedOperation(
      method: .post, path: "/threads/{thread_id}/state", id: "add_thread_state", noun: .threads,
      summary: "Write messages into a thread: those with a known id replace it, others are added",
      body: .json("ThreadStatePayload"), answer: .json(["type": "null"], "They are in."),
      refusals: [.conflict]),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/history", id: "get_thread_history", noun: .threads,
      summary: "The states a thread went through, newest first",
      query: [
        .init(
          name: "limit", description: "How many at most.",
          schema: Schemas.integer(0, Limits.historyRows, default: Limits.historyRows)),
        .init(name: "before", description: "Only those before this checkpoint.", schema: Schemas.id),
      ],
      answer: .json(Schemas.list(of: "ThreadHistoryEntry"), "A page of its history.")),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/approvals", id: "list_approvals", noun: .threads,
      summary: "What was asked about tool calls, and what people decided, newest first", query: paging,
      answer: .json(Schemas.list(of: "Approval"), "A page of it.")),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/approvals/pending", id: "list_pending_approvals",
      noun: .threads, summary: "The tool calls that wait for a decision, which a run brings",
      answer: .json(
        Schemas.list(of: "Approval"), "They, in the order of the calls; none while a run goes on.")),
    DocumentedOperation(
      method: .get, path: "/threads/{thread_id}/files", id: "list_thread_files", noun: .threads,
      summary: "The files a thread knows", query: paging + [fileStatus],
      answer: .json(Schemas.list(of: "File"), "Its files."), links: ofFile),
  ]

  // MARK: Parts

  static let paging: [DocumentedOperation.Parameter] = [
    .init(
      name: "limit", description: "How many at most.",
      schema: Schemas.integer(0, Limits.pageRowsMaximum, default: Limits.pageRows)),
    .init(
      name: "offset", description: "How many to leave out at the beginning.",
      schema: Schemas.integer(0, .max, default: 0)),
  ]

  static let fileStatus = DocumentedOperation.Parameter(
    name: "status", description: "Only those with work to do, or that came to this end.",
    schema: ["type": "string", "enum": ["open", "indexed", "failed", "cancelled"]])

  private static let ofAssistant: [DocumentedOperation.Link] = {
    let id: [String: JSON] = ["assistant_id": "$response.body#/assistant_id"]
    return [
      "get_assistant", "upsert_assistant", "delete_assistant", "list_assistant_versions",
      "list_assistant_files",
    ].map { DocumentedOperation.Link(operation: $0, parameters: id) } + [
      DocumentedOperation.Link(operation: "create_thread", body: .object(id)),
      DocumentedOperation.Link(operation: "upsert_thread", body: .object(id)),
    ]
  }()

  private static let ofThread: [DocumentedOperation.Link] = {
    let id: [String: JSON] = ["thread_id": "$response.body#/thread_id"]
    return [
      "get_thread", "delete_thread", "get_thread_state", "add_thread_state", "get_thread_history",
      "list_thread_files", "list_runs",
    ].map { DocumentedOperation.Link(operation: $0, parameters: id) } + [
      DocumentedOperation.Link(operation: "create_run", body: .object(id)),
      DocumentedOperation.Link(operation: "stream_run", body: .object(id)),
    ]
  }()

  static let ofFile: [DocumentedOperation.Link] = [
    "get_file", "delete_file", "get_file_content", "get_file_text", "list_file_chunks", "cancel_file",
    "retry_file",
    "reindex_file", "refetch_file",
  ].map {
    DocumentedOperation.Link(operation: $0, parameters: ["file_id": "$response.body#/0/file_id"])
  }
}
