#!/usr/bin/env bash
# The vector index's tests under ThreadSanitizer and AddressSanitizer, in a package of that room alone: to
# compile the whole house for each takes half an hour.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$root/.build/sanitize

make_package() {
  local kind=$1 package=$work/$1 room
  mkdir -p "$package/Sources" "$package/Tests"
  for room in CBLAS CKernels; do ln -sfn "$root/Sources/$room" "$package/Sources/$room"; done
  ln -sfn "$root/Tests/VectorIndexTests" "$package/Tests/VectorIndexTests"
  mkdir -p "$package/Sources/VectorIndex"
  ln -sf "$root"/Sources/VectorIndex/*.swift "$package/Sources/VectorIndex/"
  # ThreadSanitizer cannot see how Swift's Mutex waits on Linux, and would report what it guards.
  if [[ $kind == thread ]]; then
    ln -sf "$root/Tests/Support/PosixMutex.swift" "$package/Sources/VectorIndex/"
  fi
  cat >"$package/Package.swift" <<'SWIFT'
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "VectorIndex",
  targets: [
    .systemLibrary(name: "CBLAS"),
    // Not the transformer's: the loader chooses among their clones before ThreadSanitizer is ready to look on.
    .target(
      name: "CKernels", sources: ["codes.c", "distance.c"], cSettings: [.unsafeFlags(["-O3"])],
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "VectorIndex", dependencies: ["CBLAS", "CKernels"], swiftSettings: [.unsafeFlags(["-O"])]),
    .testTarget(name: "VectorIndexTests", dependencies: ["VectorIndex", "CKernels"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
SWIFT
}

for kind in ${*:-thread address}; do
  make_package "$kind"
  echo "== $kind sanitizer"
  swift build --package-path "$work/$kind" --build-tests --sanitize "$kind"
  # Swift's own backtraces come from a forked process, which ThreadSanitizer does not survive; and the test
  # libraries themselves leak a little. A sanitizer cannot live within the address space that MemoryTests leave.
  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 swift test --package-path "$work/$kind" --skip-build \
    --sanitize "$kind" --no-parallel --disable-xctest --skip MemoryTests
done
