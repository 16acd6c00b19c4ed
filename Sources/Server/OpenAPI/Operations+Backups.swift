import Conversation
import HTTPTypes

extension OpenAPIDocument {
  static let backupOperations: [DocumentedOperation] = [
    DocumentedOperation(
      method: .get, path: "/admin/backups", id: "list_backups", noun: .administration,
      summary: "Backups, newest first", query: paging,
      answer: .json(Schemas.list(of: "Backup"), "A page of them; none can be read here."),
      refusals: [.notFound]),
    DocumentedOperation(
      method: .post, path: "/admin/backups", id: "start_backup", noun: .administration,
      summary: "Begin to make a backup, which is read back when it is made",
      answer: .json(Schemas.reference("BackupJob"), "As it begins; the status tells how far it has come."),
      refusals: [.notFound, .conflict]),
    DocumentedOperation(
      method: .get, path: "/admin/backups/status", id: "get_backup_status", noun: .administration,
      summary: "When backups are made by themselves, and what is under way",
      answer: .json(Schemas.reference("BackupStatus"), "With the last job, under way or ended."),
      refusals: [.notFound]),
    DocumentedOperation(
      method: .post, path: "/admin/backups/cancel", id: "cancel_backup", noun: .administration,
      summary: "Stop what is under way; nothing of it stays",
      answer: .json(Schemas.reference("Done"), "It will end in a moment."), refusals: [.notFound, .conflict]),
    DocumentedOperation(
      method: .post, path: "/admin/backups/{name}/verify", id: "verify_backup", noun: .administration,
      summary: "Begin to prove that a backup can be restored",
      answer: .json(Schemas.reference("BackupJob"), "As it begins; the status tells what came of it."),
      refusals: [.conflict]),
    DocumentedOperation(
      method: .delete, path: "/admin/backups/{name}", id: "delete_backup", noun: .administration,
      summary: "Delete a backup", answer: .json(Schemas.reference("Done"), "It is gone."),
      refusals: [.conflict]),
  ]
}

extension OpenAPISchemas {
  static let backupReplies: [String: JSON] = [
    "Backup": closed(["name": text, "taken_at": moment, "size_bytes": integer(0), "encrypted": flag]),
    "BackupJob": closed(
      [
        "kind": ["type": "string", "enum": ["backup", "verify"]],
        "state": ["type": "string", "enum": ["writing", "verifying", "done", "failed", "cancelled"]],
        "done_bytes": integer(0), "total_bytes": integer(0), "started_at": moment, "detail": text,
      ],
      optional: ["name": text, "ended_at": moment]),
    "BackupStatus": closed(
      [
        "plan": closed(
          ["keep": integer(1), "directory": text, "encrypted": flag], optional: ["every_seconds": integer(1)])
      ],
      optional: ["job": reference("BackupJob")]),
  ]
}
