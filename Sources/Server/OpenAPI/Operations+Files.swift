import Conversation
import HTTPTypes

extension OpenAPIDocument {
  static let fileOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .post, path: "/ingest", id: "ingest_files", noun: .files,
      summary:
        "Give files to an assistant, a thread or a collection of yours; answers when they are searchable",
      body: .form("IngestForm"),
      answer: .json(
        ["type": "array", "items": ["type": "array", "items": Schemas.id]],
        "For each file, in order, the ids of the pieces it was cut into."),
      refusals: [.notFound, .badGateway]),
    DocumentedOperation(
      method: .get, path: "/files/{file_id}", id: "get_file", noun: .files,
      summary: "What is known of a file",
      answer: .json(Schemas.reference("File"), "It.")),
    DocumentedOperation(
      method: .delete, path: "/files/{file_id}", id: "delete_file", noun: .files,
      summary: "Delete a file and all that was learnt from it",
      answer: .json(Schemas.reference("Done"), "It is not there any longer.")),
    DocumentedOperation(
      method: .get, path: "/files/{file_id}/content", id: "get_file_content", noun: .files,
      summary: "A file's bytes, as they were uploaded", answer: .bytes("The bytes, to be saved.")),
    DocumentedOperation(
      method: .get, path: "/files/{file_id}/text", id: "get_file_text", noun: .files,
      summary: "Part of the text that was read out of a file",
      query: [
        .init(
          name: "from", description: "Unicode scalars from the start of the text.",
          schema: Schemas.integer(0, .max, default: 0)),
        .init(
          name: "to", description: "Where to end; a reply has at most \(HTTPLimits.textScalars) scalars.",
          schema: Schemas.integer(0, .max)),
        .init(
          name: "page", description: "Only what lies on this page, from 1; 404 where there is none.",
          schema: Schemas.integer(1, .max)),
      ],
      answer: .json(Schemas.reference("FileText"), "The text, and the pages it lies on.")),
  ]

  // MARK: Work on files

  static let fileWorkOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .post, path: "/files", id: "receive_files", noun: .files,
      summary: "Give files to an assistant, a thread or a collection of yours; answers when they are durable",
      body: .form("IngestForm"),
      answer: .json(
        Schemas.list(of: "TakenFile"), "Each file, in order; `/files/events` tells how it goes on."),
      refusals: [.notFound]),
    DocumentedOperation(
      method: .post, path: "/files/url", id: "receive_page", noun: .files,
      summary: "Make a page or document of the web knowledge; one that is there is fetched again",
      body: .json("PagePayload"),
      answer: .json(Schemas.reference("File"), "It, in line to be fetched."), refusals: [.notFound],
      links: ofOneFile),
    DocumentedOperation(
      method: .get, path: "/files/events", id: "watch_files", noun: .files,
      summary: "Watch what changes in your files",
      query: [
        .init(name: "assistant_id", description: "Only files of this assistant.", schema: Schemas.id),
        .init(name: "thread_id", description: "Only files of this thread.", schema: Schemas.id),
        .init(name: "collection_id", description: "Only files of this collection.", schema: Schemas.id),
        .init(
          name: "last_event_id", description: "Where `Last-Event-ID` cannot be set.",
          schema: ["type": "string"]),
        .init(
          name: "Last-Event-ID", place: "header", description: "The id of the event seen last.",
          schema: ["type": "string"]),
      ],
      answer: .fileEvents),
    DocumentedOperation(
      method: .get, path: "/files/usage", id: "get_file_usage", noun: .files,
      summary: "How much room your files take, and may take",
      answer: .json(Schemas.reference("FileUsage"), "In bytes.")),
    DocumentedOperation(
      method: .get, path: "/files/{file_id}/chunks", id: "list_file_chunks", noun: .files,
      summary: "The pieces a file was cut into, as searches find them", query: paging,
      answer: .json(Schemas.list(of: "FileChunk"), "In their order.")),
    work("cancel", "Stop the work on a file; what it said before is served on"),
    work("retry", "Go on with a file that failed or was stopped"),
    work("reindex", "Read a file anew; what it said before is served until that is done"),
    work("refetch", "Fetch a page of the web again, and read it if it has changed"),
    DocumentedOperation(
      method: .put, path: "/files/{file_id}/refetch", id: "schedule_refetch", noun: .files,
      summary: "Have a page of the web fetched again by itself every so many hours, or no more",
      body: .json("RefetchPayload"), answer: .json(Schemas.reference("File"), "It, as it is now."),
      refusals: [.conflict]),
  ]

  private static func work(_ verb: String, _ summary: String) -> DocumentedOperation {
    DocumentedOperation(
      method: .post, path: "/files/{file_id}/\(verb)", id: "\(verb)_file", noun: .files, summary: summary,
      answer: .json(Schemas.reference("File"), "It, as it is now."), refusals: [.tooLarge])
  }

  private static let ofOneFile: [DocumentedOperation.Link] = ofFile.map { link in
    DocumentedOperation.Link(operation: link.operation, parameters: ["file_id": "$response.body#/file_id"])
  }

  // MARK: Collections

  static let collectionOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/collections", id: "list_collections", noun: .collections,
      summary: "Your collections of files", query: paging,
      answer: .json(Schemas.list(of: "Collection"), "Lately changed ones first.")),
    DocumentedOperation(
      method: .post, path: "/collections", id: "create_collection", noun: .collections,
      summary: "Make a collection", body: .json("CollectionPayload"),
      answer: .json(Schemas.reference("Collection"), "The new collection."), links: ofCollection),
    DocumentedOperation(
      method: .get, path: "/collections/{collection_id}", id: "get_collection", noun: .collections,
      summary: "One collection: how many files it has, and how many assistants search it",
      answer: .json(Schemas.reference("Collection"), "It.")),
    DocumentedOperation(
      method: .put, path: "/collections/{collection_id}", id: "upsert_collection", noun: .collections,
      summary: "Change a collection, or make one under an id of your choice",
      body: .json("CollectionPayload"),
      answer: .json(Schemas.reference("Collection"), "It, as it is now."), links: ofCollection),
    DocumentedOperation(
      method: .delete, path: "/collections/{collection_id}", id: "delete_collection", noun: .collections,
      summary: "Delete a collection with its files; assistants that searched it go on without it",
      answer: .json(Schemas.reference("Collection"), "What it was: its files went with it.")),
    DocumentedOperation(
      method: .get, path: "/collections/{collection_id}/files", id: "list_collection_files",
      noun: .collections, summary: "The files of a collection", query: paging + [fileStatus],
      answer: .json(Schemas.list(of: "File"), "Its files."), links: ofFile),
    DocumentedOperation(
      method: .get, path: "/collections/{collection_id}/assistants", id: "list_collection_assistants",
      noun: .collections, summary: "Your assistants that search a collection",
      query: paging, answer: .json(Schemas.list(of: "Assistant"), "By name.")),
  ]

  private static let ofCollection: [DocumentedOperation.Link] = [
    "get_collection", "upsert_collection", "delete_collection", "list_collection_files",
    "list_collection_assistants",
  ].map {
    DocumentedOperation.Link(operation: $0, parameters: ["collection_id": "$response.body#/collection_id"])
  }
}
