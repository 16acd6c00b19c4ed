// @ts-check

/**
 * Every sentence the page says, in one place. `{name}` is replaced by a value; a key that ends in
 * `.one` and `.other` is chosen by count. Another language is another table with the same keys.
 */
export const english = Object.freeze({
  "app.name": "OpenGPTs",
  "app.skip": "Skip to content",
  "app.navigation": "Chats and assistants",
  "app.openNavigation": "Open navigation",

  "action.cancel": "Cancel",
  "action.close": "Close",
  "action.copy": "Copy",
  "action.copied": "Copied",
  "action.delete": "Delete",
  "action.edit": "Edit",
  "action.reload": "Reload",
  "action.remove": "Remove",
  "action.rename": "Rename",
  "action.tryAgain": "Try again",
  "action.more": "More about {name}",
  "action.dismiss": "Dismiss",

  "rail.newChat": "New chat",
  "rail.assistants": "Assistants",
  "rail.chats": "Chats",
  "rail.noChats": "Your chats will be listed here.",
  "rail.loading": "Loading your chats…",
  "rail.failed": "Your chats could not be loaded.",
  "rail.today": "Today",
  "rail.yesterday": "Yesterday",
  "rail.week": "Previous 7 days",
  "rail.month": "Previous 30 days",
  "rail.older": "Older",
  "rail.running": "answering",
  "rail.find": "Find a chat",
  "rail.noneFound": "No chat has these words in its name.",
  "rail.showMore.one": "Show {count} more",
  "rail.showMore.other": "Show {count} more",
  "rail.untitled": "Untitled chat",
  "rail.rename.title": "Rename this chat",
  "rail.rename.label": "Name",
  "rail.delete.title": "Delete this chat?",
  "rail.delete.body": "“{name}” goes for good: its messages, its history and the files attached to it.",
  "rail.deleted": "Chat deleted",

  "theme.label": "Appearance",
  "theme.auto": "As the system",
  "theme.light": "Light",
  "theme.dark": "Dark",

  "shortcuts.open": "Keyboard shortcuts",
  "shortcuts.send": "Send the message",
  "shortcuts.newline": "New line",
  "shortcuts.stop": "Stop the answer",
  "shortcuts.newChat": "New chat",
  "shortcuts.focus": "Go to the message field",
  "shortcuts.help": "Show this list",

  "status.ready": "Everything is working",
  "status.limited": "Working, with limits",
  "status.down": "Not reachable",
  "status.title": "Status",
  "status.part.ok": "working",
  "status.part.absent": "not set up",
  "status.part.degraded": "limited",
  "status.part.failed": "failed",
  "status.version": "Version {version}",
  "status.checking": "Checking…",

  "notice.lost": "OpenGPTs cannot be reached. Trying again until it is back; nothing you typed is lost.",
  "notice.newVersion": "A newer version of OpenGPTs is running. Reload when it suits you.",
  "notice.noEmbedding": "Search works on words alone: the embedding model is not installed, so "
    + "passages that say the same in other words are not found.",
  "notice.noModel": "No language model is set up, so answers are quotations from your files.",

  "error.offline": "OpenGPTs cannot be reached. Is it still running?",
  "error.busy": "An answer is already being written in this chat. Wait for it or stop it, then send again.",
  "error.server": "OpenGPTs had a problem of its own ({status}). Trying again may help; its log says more.",
  "error.signedOut": "You are not signed in, or your session has ended.",
  "error.tooLarge": "That is more than this server takes at once.",
  "error.run": "The answer could not be finished. {reason}",
  "error.runUnknown": "The server gave no reason. Its log says more.",
  "error.streamLost": "The connection to the answer was lost and could not be taken up again.",
  "error.screen": "The page had a problem of its own: {message}",

  "start.title": "What would you like to know?",
  "start.with": "Assistant",
  "start.files.one": "{count} file",
  "start.files.other": "{count} files",

  "first.title": "Make your first assistant",
  "first.body": "An assistant is a set of instructions, the tools it may use and the files it knows. "
    + "Everything stays on this machine.",
  "first.own": "Or start from an empty form",

  "template.documents.name": "Ask my documents",
  "template.documents.body": "Reads the files you give it and answers with quotations and page numbers.",
  "template.documents.prompt": "Answer from the files you were given. Say so when they do not contain the answer.",
  "template.tools.name": "Assistant with tools",
  "template.tools.body": "Decides by itself when to search your files or use another tool.",
  "template.tools.prompt": "You are a helpful assistant.",
  "template.chat.name": "Chat",
  "template.chat.body": "A plain conversation with a language model. No tools, no files.",
  "template.chat.prompt": "You are a helpful assistant.",
  "template.use": "Make it",
  "template.making": "Making it…",

  "type.agent": "Assistant with tools",
  "type.agent.body": "Chooses when to use its tools, again and again, until it can answer.",
  "type.chat_retrieval": "Ask my documents",
  "type.chat_retrieval.body": "Looks in its files before every answer and quotes what it found.",
  "type.chatbot": "Chat",
  "type.chatbot.body": "Talks with a language model, nothing more.",

  "gallery.title": "Assistants",
  "gallery.new": "New assistant",
  "gallery.mine": "Yours",
  "gallery.public": "Public",
  "gallery.publicBody": "Shared by people who use this server.",
  "gallery.copyTo": "Make a copy",
  "gallery.copyName": "Copy of {name}",
  "gallery.view": "View",
  "gallery.publicMark": "Public",
  "gallery.publicFailed": "The public assistants could not be loaded.",
  "gallery.noneMine": "You have no assistant yet.",
  "gallery.delete.title": "Delete this assistant?",
  "gallery.delete.body.one": "“{name}” goes for good, and {count} file with it. "
    + "Your chats with it stay, and another assistant can take them over.",
  "gallery.delete.body.other": "“{name}” goes for good, and {count} files with it. "
    + "Your chats with it stay, and another assistant can take them over.",
  "gallery.deleted": "Assistant deleted",
  "gallery.copied": "Copied to your assistants",

  "form.new": "New assistant",
  "form.edit": "Edit assistant",
  "form.view": "About this assistant",
  "form.name": "Name",
  "form.namePlaceholder": "For example: Contract reader",
  "form.nameMissing": "Give the assistant a name.",
  "form.type": "What it does",
  "form.model": "Model",
  "form.tools": "Tools",
  "form.toolsFilter": "Find a tool",
  "form.toolsNone": "No tool matches.",
  "form.toolAnother": "Add another {name}",
  "form.files": "Files",
  "form.filesBody": "What it should know: PDF, Word, HTML, Markdown or plain text.",
  "form.public": "Public",
  "form.publicBody": "Everybody who can use this server may see its instructions and chat with it.",
  "form.shareLink": "Link to share",
  "form.save": "Save",
  "form.create": "Make assistant",
  "form.saving": "Saving…",
  "form.saved": "Saved",
  "form.readOnly": "This assistant belongs to somebody else. You can chat with it or make a copy of your own.",
  "form.leave.title": "Leave without saving?",
  "form.leave.body": "What you changed here has not been saved.",
  "form.leave": "Leave",
  "form.loadFailed": "The form could not be loaded.",

  "files.drop": "Drop files here or",
  "files.choose": "choose files",
  "files.attach": "Attach files",
  "files.none": "No files yet.",
  "files.waiting": "waiting",
  "files.uploading": "{percent} %",
  "files.reading": "reading…",
  "files.received": "being read…",
  "files.indexed": "ready",
  "files.failed": "could not be read",
  "files.pages.one": "{count} page",
  "files.pages.other": "{count} pages",
  "files.passages.one": "{count} passage",
  "files.passages.other": "{count} passages",
  "files.remove": "Remove {name}",
  "files.delete.title": "Delete this file?",
  "files.delete.body": "“{name}” goes for good, and the assistant no longer finds anything in it. "
    + "Answers that quote it stay.",
  "files.deleted": "File deleted",
  "files.loadFailed": "The list of files could not be loaded.",
  "files.inChat": "Files of this chat",
  "files.notRead": "{name} does not look into files. Give it the Retrieval tool, or use one that asks documents.",
  "files.someFailed": "Not every file could be read. Remove what failed, or send without it.",

  "chat.conversation": "Conversation",
  "chat.loading": "Loading the chat…",
  "chat.empty": "Nothing said yet.",
  "chat.you": "You said",
  "chat.said": "{name} said",
  "chat.assistant": "Assistant",
  "chat.composer": "Message",
  "chat.placeholder": "Message {name}",
  "chat.send": "Send",
  "chat.stop": "Stop",
  "chat.stopping": "Stopping…",
  "chat.stopped": "Stopped here",
  "chat.brokenOff": "Broken off here",
  "chat.thinking": "Thinking…",
  "chat.reconnecting": "The connection broke. Taking the answer up again…",
  "chat.answering": "{name} is answering",
  "chat.finished": "Answer complete",
  "chat.latest": "Go to the latest message",
  "chat.copyAnswer": "Copy the answer",
  "chat.continue": "Continue",
  "chat.retry": "Retry",
  "chat.confirm.one": "The assistant asks before it uses a tool.",
  "chat.confirm.other": "The assistant asks before it uses {count} tools.",
  "chat.stalled": "The last step did not finish.",
  "chat.tokens": "{count} tokens",
  "chat.missing.title": "This chat does not exist",
  "chat.missing.body": "It was deleted, or it belongs to somebody else.",
  "chat.orphan.title": "This chat has lost its assistant",
  "chat.orphan.body": "The assistant was deleted or is no longer public. Choose another of yours to read on and continue.",
  "chat.orphan.choose": "Assistant",
  "chat.orphan.none": "You have no assistant that could take it over.",
  "chat.orphan.use": "Continue with it",

  "tool.picture": "The picture the tool made",
  "tool.calling": "Using {name}",
  "tool.called": "Used {name}",
  "tool.waiting": "Wants to use {name}",
  "tool.interrupted": "Did not finish {name}",
  "tool.failed": "{name} failed",
  "tool.searching": "Looking in the files",
  "tool.searched": "Looked in the files",
  "tool.arguments": "Asked with",
  "tool.result": "Result",
  "tool.found.one": "{count} passage",
  "tool.found.other": "{count} passages",
  "tool.foundNothing": "nothing found",
  "tool.empty": "(empty)",
  "tool.textRank": "by words no. {rank}",
  "tool.vectorRank": "by meaning no. {rank}",

  "source.title": "Source",
  "source.page": "page {page}",
  "source.passage": "Quoted passage",
  "source.download": "Download",
  "source.loading": "Loading the passage…",
  "source.failed": "The passage could not be loaded.",
  "source.earlier": "Show what comes before",
  "source.later": "Show what comes after",
  "source.chip": "Source {number}: {name}",
  "source.chipPage": "Source {number}: {name}, page {page}",
  "source.sources": "Sources",
  "source.gone": "The file has been deleted. This is what was quoted:",

  "markdown.image": "image: {name}",
  "markdown.copyCode": "Copy the code",
  "markdown.codeSpoken": "(code)",
  "markdown.done": "done",
  "markdown.notDone": "not done",

  "lost.title": "There is nothing here",
  "lost.body": "The address may be old or mistyped.",
  "lost.home": "Start a new chat",
});

/** @typedef {keyof typeof english} StringKey */
/** @typedef {Record<string, string | number>} StringValues */

/**
 * The text of a key, with its values filled in.
 * @param {StringKey} key
 * @param {StringValues} [values]
 */
export function t(key, values = {}) {
  return english[key].replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole);
}

const plurals = new Intl.PluralRules("en");

/**
 * The text of `key.one` or `key.other`, whichever the count asks for.
 * @param {string} key
 * @param {number} count
 * @param {StringValues} [values]
 */
export function tn(key, count, values = {}) {
  const form = plurals.select(count) === "one" ? "one" : "other";
  return t(/** @type {StringKey} */ (`${key}.${form}`), { count, ...values });
}
