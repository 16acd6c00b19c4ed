import Conversation
import Crypto
import Foundation
import HTTPTypes

/// Sign-ins at an OpenID provider that people have begun in the page: the authorization code flow with PKCE
/// (OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9700).
actor OpenIDSignIn {
  private let settings: OpenIDSettings
  private let provider: OpenIDProvider
  private var underWay: [[UInt8]: Attempt] = [:]

  private struct Attempt {
    var browser: [UInt8]
    var nonce: String
    var verifier: String
    var redirect: String
    var place: String
    var until: ContinuousClock.Instant
  }

  /// Where to send the browser, and what binds the sign-in to it.
  struct Beginning {
    var address: String
    var browser: OpaqueSecret
  }

  init(settings: OpenIDSettings, provider: OpenIDProvider) {
    self.settings = settings
    self.provider = provider
  }

  /// - Parameters:
  ///   - redirect: where the provider is to send the browser back to.
  ///   - place: where the page is to go on.
  func begin(redirect: String, place: String) async throws -> Beginning {
    guard let clientID = settings.clientID else {
      throw Refusal(.notFound, "Signing in through the page is not set up; auth.oidc_client_id is missing")
    }
    let endpoints = try await provider.endpoints()
    let state = OpaqueSecret()
    let (browser, nonce, verifier) = (OpaqueSecret(), OpaqueSecret().text, OpaqueSecret().text)
    forgetOld()
    guard underWay.count < IdentityLimits.signInsUnderWay else {
      throw Refusal(.serviceUnavailable, "Too many people are signing in. Try again in a few minutes")
    }
    underWay[state.hash] = Attempt(
      browser: browser.hash, nonce: nonce, verifier: verifier, redirect: redirect, place: place,
      until: .now + .seconds(IdentityLimits.signInSeconds))
    let challenge = Data(SHA256.hash(data: Data(verifier.utf8))).base64URL
    let query = [
      ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirect),
      ("scope", settings.scopes), ("state", state.text), ("nonce", nonce), ("code_challenge", challenge),
      ("code_challenge_method", "S256"),
    ].map { "\($0.0)=\($0.1.formEncoded)" }.joined(separator: "&")
    let joint = endpoints.authorization.contains("?") ? "&" : "?"
    return Beginning(address: endpoints.authorization + joint + query, browser: browser)
  }

  private func forgetOld() {
    let now = ContinuousClock.now
    underWay = underWay.filter { $0.value.until > now }
  }

  /// Who came back, and where the page is to go on. A state is good once, and for the browser that began.
  func finish(
    state: String, code: String, browser: String?
  ) async throws -> (claims: TokenClaims, raw: JSON, place: String) {
    forgetOld()
    guard let attempt = underWay.removeValue(forKey: OpaqueSecret(shown: state).hash),
      let browser, isEqual(OpaqueSecret(shown: browser).hash, attempt.browser)
    else { throw SignInFailure.expired }
    let text = try await provider.redeem(
      code: code, verifier: attempt.verifier, redirect: attempt.redirect, settings: settings)
    let token = try SignedToken(text)
    guard let key = await provider.key(token.keyID) else {
      throw ProviderFailure("its ID token names a key it does not have")
    }
    try token.checkHeader(algorithm: key.algorithm)
    guard await key.verifies(text) else { throw TokenError("Signature verification failed") }
    let rules = TokenRules(issuer: settings.rules.issuer, audiences: [settings.clientID ?? ""])
    let claims = try TokenClaims(token.claims, rules: rules)
    guard let nonce = claims.nonce, isEqual(Array(nonce.utf8), Array(attempt.nonce.utf8)) else {
      throw TokenError("The nonce is another")
    }
    // With several audiences, it has to be this client that it was made for (OpenID Connect Core §3.1.3.7).
    if let party = token.claims["azp"]?.string, party != settings.clientID {
      throw TokenError("The token was made for another client")
    }
    return (claims, token.claims, attempt.place)
  }
}

/// Why a sign-in did not come to its end, as the page is told.
enum SignInFailure: String, Error {
  /// It took too long, was begun in another browser, or was used before.
  case expired
  /// The provider said no, or the person did.
  case refused
  /// The provider could not be asked, or answered with nothing that can be believed.
  case provider
  /// The account is disabled here.
  case disabled
}
