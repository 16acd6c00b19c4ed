internal import CKernels

/// How the matrix products of the forward pass are computed; all give the same vectors up to rounding.
public enum MatrixProducts: Sendable, CaseIterable {
  /// Own kernels on weights packed for 512-bit registers.
  case avx512
  /// Own kernels on weights packed for 256-bit registers.
  case avx2
  /// Whatever BLAS the system has, one product at a time: for every other processor.
  case blas

  /// Those this processor can run, the fastest first; never empty.
  public static var available: [MatrixProducts] {
    let lanes = transformer_lanes()
    return allCases.filter { $0.lanes <= lanes }
  }

  static var fastest: MatrixProducts { available.first ?? .blas }

  /// Floats per register.
  var lanes: Int32 {
    switch self {
    case .avx512: 16
    case .avx2: 8
    case .blas: 0
    }
  }
}
