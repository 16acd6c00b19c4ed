import Foundation
import Store
import Testing

@testable import opengpts

/// What doctor says of the data and the machine.
@Suite struct DoctorStorageTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func settings(_ flags: [String: String] = [:]) throws -> Settings {
    let given = ["data_dir": directory.path].merging(flags) { $1 }
    return try Settings(
      from: SettingsSources(
        flags: given.map { .init(flag: "--set", key: $0, value: $1) }, standardFiles: []))
  }

  @Test func `the file system is that of the innermost mount`() {
    let mounts = """
      22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      30 22 0:40 / /srv rw - nfs4 host:/srv rw
      31 30 0:41 / /srv/data rw master:1 - tmpfs tmpfs rw
      """
    #expect(DoctorChecks.fileSystemType(of: "/srv/data/x", in: mounts) == "tmpfs")
    #expect(DoctorChecks.fileSystemType(of: "/srv/database", in: mounts) == "nfs4")
    #expect(DoctorChecks.fileSystemType(of: "/home", in: mounts) == "ext4")
    #expect(DoctorChecks.fileSystemType(of: "/home", in: "") == nil)
  }

  @Test func `a database that others can read is a failure with a fix`() throws {
    #expect(try DoctorChecks.permissions(settings()).status == .ok)
    try Store(directory: directory.path).close()
    chmod(directory.path, 0o755)
    #expect(try DoctorChecks.permissions(settings()).status == .ok)
    chmod("\(directory.path)/opengpts.sqlite", 0o644)
    let finding = try DoctorChecks.permissions(settings())
    #expect(finding.status == .fail && finding.fix?.contains("chmod") == true)
  }

  @Test func `no backup, an old one and none wanted are told apart`() throws {
    #expect(try DoctorChecks.backup(settings()).status == .ok)
    try Store(directory: directory.path).close()
    #expect(try DoctorChecks.backup(settings()).detail.contains("there is none"))
    #expect(try DoctorChecks.backup(settings(["backup.every": "off"])).fix?.contains("backup.every") == true)
    try directory.write("", to: "backups/opengpts-20260102-030405.tar.zst")
    let taken = Date(timeIntervalSince1970: 1_767_323_045)
    #expect(try DoctorChecks.backup(settings(), now: taken + 86_400 * 3).detail.contains("3d old"))
    #expect(try DoctorChecks.backup(settings(), now: taken + 3600).fix?.contains("another disk") == true)
  }

  @Test func `reading everything finds a changed upload and a missing one`() async throws {
    let store = try Store(directory: directory.path)
    let blob = try store.blobs.create()
    try blob.append(Array("bytes".utf8))
    let hash = try await blob.finish()
    #expect(try DoctorChecks.contents(settings()).status == .ok)
    try directory.write("other", to: "blobs/\(hash)")
    let finding = try DoctorChecks.contents(settings())
    #expect(finding.status == .fail && finding.fix?.contains(hash) == true)
    store.close()
  }

  @Test func `every finding that is not well has a fix`() throws {
    for finding in DoctorChecks.all(try settings(["listen": "127.0.0.1:1"]), reads: true) {
      #expect((finding.status == .ok) == (finding.fix == nil), "\(finding)")
    }
  }
}
