import Conversation

/// A picture that a tool brought for the model to look at, beside the text of its result.
///
/// It is shown in the turn in which it came, to models that see: each later request would send it again, and a
/// conversation of screenshots would cost more than all that was said in it.
struct ResultPicture: Equatable {
  var mediaType: String
  /// Base64.
  var data: String

  /// What vendors take of one picture; Amazon's bound, the least of them.
  static let base64Bytes = 3_750_000

  /// The member of an artifact by which a tool says that its picture is for the model too.
  static let mark = "for_model"
}

extension Message {
  var resultPicture: ResultPicture? {
    guard role == .tool, let artifact, artifact["type"] == "image", artifact[ResultPicture.mark] == true,
      let type = artifact["media_type"]?.string, let data = artifact["data"]?.string,
      data.utf8.count <= ResultPicture.base64Bytes
    else { return nil }
    return ResultPicture(mediaType: type, data: data)
  }
}

extension ChatRequest {
  /// The request without the tools' pictures that the model is not to be shown.
  func withPictures(for definition: ModelDefinition) -> ChatRequest {
    let question = definition.images ? messages.lastIndex { $0.role == .human } ?? 0 : messages.endIndex
    var shown = self
    for place in messages.indices where place < question && messages[place].resultPicture != nil {
      shown.messages[place].artifact = nil
    }
    return shown
  }
}
