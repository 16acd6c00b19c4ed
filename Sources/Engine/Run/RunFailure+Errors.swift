import Conversation
import Providers
import Store

extension RunFailure {
  /// What the person is told of an error that ended a run. The cause itself goes to the log.
  init(_ error: any Error) {
    switch error {
    case let failure as RunFailure: self = failure
    case let error as ModelError: self.init(error)
    case let error as ConfigurationError:
      self.init("invalid_configuration", 422, "\(error.key) \(error.problem).")
    case let error as ToolError:
      self.init("tool_unavailable", 422, error.message)
    case StoreError.diskFull:
      self.init(
        "disk_full", 507,
        "The disk of the server is full. Nothing that was shown is lost; make room, then continue.")
    default:
      self.init(
        "internal", 500, "Something went wrong on the server. Its log says what; continue to try again.")
    }
  }

  private init(_ error: ModelError) {
    switch error {
    case .misconfigured(let text):
      self.init("model_not_configured", 422, text)
    case .unreachable:
      self.init(
        "model_unreachable", 502,
        "The model's server cannot be reached. Check its address and that it runs, then continue.")
    case .timedOut:
      self.init("model_timeout", 504, "The model did not answer in time. Continue to try again.")
    case .unauthorized:
      self.init(
        "model_unauthorized", 502,
        "The model's server refused the key of this installation. Check the key in its settings.")
    case .rateLimited(let seconds):
      let wait = seconds.map { "in \($0.inWords)" } ?? "in a little while"
      self.init("rate_limited", 429, "The model's server takes no more requests now. Try again \(wait).")
      retryAfterSeconds = seconds
    case .unavailable(let status):
      self.init(
        "model_unavailable", 502,
        "The model's server has a failure of its own (status \(status)). Continue to try again.")
    case .suspended(let seconds):
      self.init(
        "model_suspended", 503,
        "The model's server failed several times in a row, so it is left alone for now. "
          + "Try again in \(seconds.inWords), or choose another model.")
      retryAfterSeconds = seconds
    case .rejected(let status, let message):
      self.init(
        "model_rejected", 502, "The model's server rejected the request (status \(status)): \(message)")
    case .contextTooLong:
      self.init(
        "context_too_long", 422,
        "The conversation is longer than this model can read. Start a new one, or choose another model.")
    case .cut:
      self.init(
        "model_cut", 502, "The model's answer broke off. What came is kept; continue to ask again.")
    case .malformed:
      self.init(
        "model_protocol", 502,
        "What the model's server sent could not be understood. Check that its address is that of an API.")
    case .tooLarge:
      self.init("model_too_large", 502, "The model's answer was larger than this server takes.")
    case .cancelled:
      self.init("cancelled", 499, "The run was stopped.")
    }
  }

  private init(_ code: String, _ statusCode: Int, _ message: String) {
    self.init(code: code, message: message, statusCode: statusCode)
  }
}

extension Double {
  /// Seconds as people say them: `12 s`, `5 min`, `2 h`; never less than a second, and never short of the time.
  fileprivate var inWords: String {
    let seconds = Int(Swift.min(Swift.max(rounded(.up), 1), 1e9))
    switch seconds {
    case ..<120: return "\(seconds) s"
    case ..<7_200: return "\((seconds + 59) / 60) min"
    case _: return "\((seconds + 3_599) / 3_600) h"
    }
  }
}
