import Conversation
import HTTPTypes
import Store

extension OpenAPIDocument {
  static let modelOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/models", id: "list_models", noun: .models,
      summary:
        "The models an assistant may name: what they can, what they cost, and whether they can be asked",
      query: paging,
      answer: .json(Schemas.list(of: "Model"), "Those that are set up or found, then what is built in.")
    ),
    DocumentedOperation(
      method: .put, path: "/models/{model_name}", id: "upsert_model", noun: .models,
      summary:
        "Set a model up, or change it (administrators); one of the configuration file cannot be changed here",
      body: .json("ModelPayload"), answer: .json(Schemas.reference("Model"), "It, as it is now."),
      refusals: [.notFound, .conflict]),
    DocumentedOperation(
      method: .delete, path: "/models/{model_name}", id: "delete_model", noun: .models,
      summary: "Take away a model that an administrator set up (administrators)",
      answer: .json(Schemas.reference("Done"), "It is not there any longer."),
      refusals: [.notFound, .conflict]),
    DocumentedOperation(
      method: .get, path: "/providers", id: "list_providers", noun: .models,
      summary: "Whom models can be asked of",
      answer: .json(Schemas.list(of: "Provider"), "Everybody this program can speak with.")),
    DocumentedOperation(
      method: .get, path: "/ollama/pulls", id: "list_pulls", noun: .models,
      summary: "How far the models are that Ollama fetches (administrators)",
      query: paging,
      answer: .json(
        Schemas.list(of: "Pull"), "Those since the start of the program, the ones under way first.")),
    DocumentedOperation(
      method: .post, path: "/ollama/pulls", id: "create_pull", noun: .models,
      summary: "Have Ollama fetch a model (administrators)", body: .json("PullPayload"),
      answer: .json(Schemas.reference("Pull"), "It has begun, or goes on."), refusals: [.notFound]),
    DocumentedOperation(
      method: .get, path: "/embedding", id: "get_embedding", noun: .models,
      summary: "Which embedding model's vectors are searched, and which are being made (administrators)",
      answer: .json(Schemas.reference("Embedding"), "The model that serves, and what stands beside it.")),
    embeddingWork("start", "Make vectors of the model that the settings name, or go on with that"),
    embeddingWork("cancel", "Stop making vectors; what is there stays"),
    embeddingWork("undo", "Have the former embedding model serve again"),
    embeddingWork("drop", "Forget the vectors that do not serve"),
    DocumentedOperation(
      method: .get, path: "/usage", id: "get_usage", noun: .models,
      summary: "What models were used for, in tokens and money",
      query: [
        .init(
          name: "group_by", description: "By what it is summed up; by user for administrators alone.",
          schema: Schemas.choice(UsageGrouping.self)),
        .init(
          name: "scope", description: "Everybody's, for administrators alone.",
          schema: Schemas.choice(UsageRoutes.Scope.self)),
        .init(
          name: "from", description: "The first day, in UTC.", schema: ["type": "string", "format": "date"]),
        .init(
          name: "to", description: "The last day, in UTC.", schema: ["type": "string", "format": "date"]),
      ] + paging,
      answer: .json(Schemas.reference("Usage"), "The sum of all, and the sums by what was asked for.")),
  ]

  private static func embeddingWork(_ verb: String, _ summary: String) -> DocumentedOperation {
    DocumentedOperation(
      method: .post, path: "/embedding/\(verb)", id: "\(verb)_embedding", noun: .models,
      summary: summary + " (administrators)",
      answer: .json(Schemas.reference("Embedding"), "How things stand now."),
      refusals: [.conflict, .tooLarge])
  }
}
