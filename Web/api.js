// @ts-check
import { t } from "./strings.js";

/** @typedef {import("./types.js").Assistant} Assistant */
/** @typedef {import("./types.js").Thread} Thread */
/** @typedef {import("./types.js").ThreadState} ThreadState */
/** @typedef {import("./types.js").StoredFile} StoredFile */
/** @typedef {import("./types.js").Readiness} Readiness */
/** @typedef {import("./types.js").ModelInfo} ModelInfo */

/** What went wrong, in words for a person. `status` is 0 when no server answered. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/** Fires `lost` when no server answers, `reached` whenever one does, `refused` when it no longer knows who asks. */
export const connection = new EventTarget();

/** @returns {Promise<Assistant[]>} */
export const listAssistants = () => getJSON("/assistants/");
/** @returns {Promise<Assistant[]>} */
export const listPublicAssistants = () => getJSON("/assistants/public/");
/** @returns {Promise<(Assistant & {access: "use" | "edit"})[]>} */
export const listSharedAssistants = () => getJSON("/assistants/shared");
/** @param {string} id @returns {Promise<Assistant>} */
export const getAssistant = (id) => getJSON(`/assistants/${segment(id)}`);
/** @param {{name: string, config: object, public: boolean}} assistant @returns {Promise<Assistant>} */
export const createAssistant = (assistant) => sendJSON("POST", "/assistants", assistant);
/**
 * @param {string} id
 * @param {{name: string, config: object, public: boolean}} assistant
 * @returns {Promise<Assistant>}
 */
export const updateAssistant = (id, assistant) => sendJSON("PUT", `/assistants/${segment(id)}`, assistant);
/** @param {string} id */
export const deleteAssistant = (id) => sendJSON("DELETE", `/assistants/${segment(id)}`);

/** @param {string} id @returns {Promise<import("./types.js").AssistantVersion[]>} newest first */
export const listAssistantVersions = (id) => getJSON(`/assistants/${segment(id)}/versions`);

/** @returns {Promise<Thread[]>} */
export const listThreads = () => getJSON("/threads/");
/** @param {string} id @returns {Promise<Thread>} */
export const getThread = (id) => getJSON(`/threads/${segment(id)}`);
/** @param {{name: string, assistant_id: string}} thread @returns {Promise<Thread>} */
export const createThread = (thread) => sendJSON("POST", "/threads", thread);
/** @param {string} id @param {{name: string, assistant_id: string}} thread @returns {Promise<Thread>} */
export const updateThread = (id, thread) => sendJSON("PUT", `/threads/${segment(id)}`, thread);
/** @param {string} id */
export const deleteThread = (id) => sendJSON("DELETE", `/threads/${segment(id)}`);
/**
 * @param {string} id
 * @param {string} [checkpointId] how it was there, instead of where the thread stands
 * @returns {Promise<ThreadState>}
 */
export const getState = (id, checkpointId) =>
  getJSON(`/threads/${segment(id)}/state${queryText({ checkpoint_id: checkpointId })}`);
/** @param {string} id @returns {Promise<import("./types.js").Lineage>} */
export const getLineage = (id) => getJSON(`/threads/${segment(id)}/lineage`);
/**
 * @param {string} id
 * @param {{limit?: number, before?: string}} page
 * @returns {Promise<import("./types.js").TimelineEntry[]>} newest first
 */
export const getTimeline = (id, page) => getJSON(`/threads/${segment(id)}/timeline${queryText(page)}`);
/** @param {string} id @param {string} checkpointId where the thread is to stand */
export const selectCheckpoint = (id, checkpointId) =>
  sendJSON("PUT", `/threads/${segment(id)}/head`, { checkpoint_id: checkpointId });
/**
 * @param {string} id
 * @param {{checkpoint_id?: string, name: string}} wanted
 * @returns {Promise<Thread>} a new one
 */
export const forkThread = (id, wanted) => sendJSON("POST", `/threads/${segment(id)}/fork`, wanted);
/** @param {string} id @returns {Promise<import("./types.js").Run[]>} newest first, each with what it took */
export const listRuns = (id) => getJSON(`/threads/${segment(id)}/runs`);
/** @param {string} id @returns {Promise<import("./types.js").Feedback[]>} */
export const listFeedback = (id) => getJSON(`/threads/${segment(id)}/feedback`);
/** @param {{run_id: string, key: string, score: number | null, comment?: string | null}} feedback */
export const sendFeedback = (feedback) => sendJSON("POST", "/runs/feedback", feedback);

/**
 * @param {{query: string, kind?: string, limit?: number, offset?: number}} wanted
 * @returns {Promise<import("./types.js").FoundThings>}
 */
export const searchEverything = (wanted) => getJSON(`/search/everything${queryText(wanted)}`);
/** @param {{limit?: number, offset?: number}} page @returns {Promise<import("./types.js").Run[]>} */
export const listFailedRuns = (page) => getJSON(`/runs/failed${queryText(page)}`);
/** @param {{limit?: number, offset?: number}} page @returns {Promise<import("./types.js").Run[]>} */
export const listAllRuns = (page) => getJSON(`/runs${queryText(page)}`);
/** @param {string} threadId @param {string} runId @returns {Promise<import("./types.js").Trace>} */
export const getRunTrace = (threadId, runId) => getJSON(`/threads/${segment(threadId)}/runs/${segment(runId)}/trace`);
/** @returns {Promise<Record<string, any>>} */
export const getPreferences = () => getJSON("/preferences");
/** @param {Record<string, any>} values @returns {Promise<Record<string, any>>} all of them */
export const setPreferences = (values) => sendJSON("POST", "/preferences", values);
/** Where everything a person owns can be taken away from. */
export const exportAddress = "/export";

/** @returns {Promise<any>} the JSON Schema from which the assistant's form is drawn */
export const getConfigSchema = () => getJSON("/runs/config_schema");
/** @returns {Promise<Readiness>} also when the server is not ready: the parts say why */
export const getReadiness = async () => (await reach("/readyz")).json();

/** @returns {Promise<ModelInfo[]>} */
export const listModels = () => getJSON("/models");
/** @returns {Promise<import("./types.js").Provider[]>} */
export const listProviders = () => getJSON("/providers");
/** @param {string} name @param {object} model @returns {Promise<ModelInfo>} */
export const saveModel = (name, model) => sendJSON("PUT", `/models/${segment(name)}`, model);
/** @param {string} name */
export const deleteModel = (name) => sendJSON("DELETE", `/models/${segment(name)}`);
/** @param {Record<string, string | number>} query @returns {Promise<import("./types.js").Usage>} */
export const getUsage = (query) =>
  getJSON(`/usage?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`);

/** @param {string} id @returns {Promise<StoredFile[]>} */
export const listAssistantFiles = (id) => getJSON(`/assistants/${segment(id)}/files`);
/** @param {string} id @returns {Promise<StoredFile[]>} */
export const listThreadFiles = (id) => getJSON(`/threads/${segment(id)}/files`);
/**
 * A page of the files of a place, as they are at this moment.
 * @param {import("./knowledge/places.js").Place} place
 * @param {{status?: string, limit: number, offset: number}} page
 * @returns {Promise<StoredFile[]>}
 */
export const listFiles = ({ kind, id }, { status, limit, offset }) =>
  getJSON(`/${kind}s/${segment(id)}/files?limit=${limit}&offset=${offset}${status ? `&status=${status}` : ""}`);
/**
 * The event stream of what changes in the files of a place.
 * @param {Record<string, string>} owner
 * @param {string | null} lastEventId
 * @param {AbortSignal} signal
 */
export const watchFiles = (owner, lastEventId, signal) =>
  request("GET", `/files/events?${new URLSearchParams(owner)}`, undefined, { signal, accept: "text/event-stream", lastEventId });
/** @returns {Promise<{used_bytes: number, limit_bytes: number | null}>} */
export const getFileUsage = () => getJSON("/files/usage");
/** @param {string} id @returns {Promise<StoredFile>} */
export const getFile = (id) => getJSON(`/files/${segment(id)}`);
/**
 * Changes the work on a file.
 * @param {string} id
 * @param {"cancel" | "retry" | "reindex" | "refetch"} verb
 * @returns {Promise<StoredFile>}
 */
export const workOnFile = (id, verb) => sendJSON("POST", `/files/${segment(id)}/${verb}`);
/** @param {string} id @param {number | null} hours @returns {Promise<StoredFile>} */
export const scheduleRefetch = (id, hours) => sendJSON("PUT", `/files/${segment(id)}/refetch`, { hours });
/** @returns {Promise<import("./types.js").EmbeddingReport>} */
export const getEmbedding = () => getJSON("/embedding");
/** @param {"start" | "cancel" | "undo" | "drop"} verb @returns {Promise<import("./types.js").EmbeddingReport>} */
export const changeEmbedding = (verb) => sendJSON("POST", `/embedding/${verb}`);
/**
 * @param {string} id
 * @param {{limit: number, offset: number}} page
 * @returns {Promise<import("./types.js").FileChunk[]>}
 */
export const listChunks = (id, { limit, offset }) => getJSON(`/files/${segment(id)}/chunks?limit=${limit}&offset=${offset}`);
/** @param {string} url @param {Record<string, string>} owner @returns {Promise<StoredFile>} */
export const addPage = (url, owner) => sendJSON("POST", "/files/url", { url, config: { configurable: owner } });
/**
 * What an assistant would be given for a question, and why.
 * @param {string} query
 * @param {Record<string, string>} owner
 * @returns {Promise<import("./types.js").SearchReply>}
 */
export const searchFiles = (query, owner) =>
  getJSON(`/search?${new URLSearchParams({ q: query, limit: "10", explain: "true", ...owner })}`);

/** @returns {Promise<import("./types.js").FileCollection[]>} */
export const listCollections = () => getJSON("/collections");
/** @param {string} id @returns {Promise<import("./types.js").FileCollection>} */
export const getCollection = (id) => getJSON(`/collections/${segment(id)}`);
/** @param {{name: string, description: string}} collection @returns {Promise<import("./types.js").FileCollection>} */
export const createCollection = (collection) => sendJSON("POST", "/collections", collection);
/**
 * @param {string} id
 * @param {{name: string, description: string}} collection
 * @returns {Promise<import("./types.js").FileCollection>}
 */
export const updateCollection = (id, collection) => sendJSON("PUT", `/collections/${segment(id)}`, collection);
/** @param {string} id */
export const deleteCollection = (id) => sendJSON("DELETE", `/collections/${segment(id)}`);

/** @param {string} id */
export const deleteFile = (id) => sendJSON("DELETE", `/files/${segment(id)}`);
/** @param {string} id */
export const fileContentAddress = (id) => `/files/${segment(id)}/content`;
/** @param {string} id @returns {Promise<Blob>} */
export const getFileContent = async (id) => (await request("GET", fileContentAddress(id))).blob();
/**
 * Part of a file's text. Offsets count Unicode scalars.
 * @param {string} id
 * @param {number} from
 * @param {number} to
 * @returns {Promise<import("./types.js").FileText>}
 */
export const getFileText = (id, from, to) => getJSON(`/files/${segment(id)}/text?from=${from}&to=${to}`);

/**
 * Starts a run and returns the response whose body is the event stream. The run goes on when the connection
 * breaks or the page is reloaded: it is joined again, or stopped by name.
 * @param {{thread_id: string, input: any, config?: {configurable: Record<string, any>},
 *   decisions?: import("./types.js").CallDecision[]}} run
 * @param {AbortSignal} signal
 */
export const startRun = (run, signal) =>
  request("POST", "/runs/stream", { ...run, stream_mode: "deltas", on_disconnect: "continue" }, { signal, accept: "text/event-stream" });

/**
 * Takes a run's event stream up again after the event that was seen last.
 * @param {string} threadId
 * @param {string} runId
 * @param {string | null} lastEventId
 * @param {AbortSignal} signal
 */
export const joinRun = (threadId, runId, lastEventId, signal) =>
  request("GET", `/threads/${segment(threadId)}/runs/${segment(runId)}/stream?stream_mode=deltas`, undefined,
    { signal, accept: "text/event-stream", lastEventId });

/** @param {string} threadId @param {string} runId */
export const cancelRun = (threadId, runId) =>
  sendJSON("POST", `/threads/${segment(threadId)}/runs/${segment(runId)}/cancel`);

/** @param {string} threadId @returns {Promise<import("./types.js").Approval[]>} */
export const listPendingApprovals = (threadId) => getJSON(`/threads/${segment(threadId)}/approvals/pending`);

/** @returns {Promise<import("./types.js").ToolListing[]>} */
export const getToolCatalog = () => getJSON("/tools/catalog");
/** @returns {Promise<import("./types.js").Service[]>} */
export const listServices = () => getJSON("/tools");
/** @param {string} id @returns {Promise<import("./types.js").Service>} */
export const getService = (id) => getJSON(`/tools/${segment(id)}`);
/** @param {any} service @returns {Promise<import("./types.js").Service>} */
export const createService = (service) => sendJSON("POST", "/tools", service);
/** @param {string} id @param {any} changes @returns {Promise<import("./types.js").Service>} */
export const updateService = (id, changes) => sendJSON("PUT", `/tools/${segment(id)}`, changes);
/** @param {string} id */
export const deleteService = (id) => sendJSON("DELETE", `/tools/${segment(id)}`);
/**
 * @param {string} id
 * @param {{operation: string, arguments: any}} attempt
 * @returns {Promise<{ok: boolean, result: any}>}
 */
export const tryService = (id, attempt) => sendJSON("POST", `/tools/${segment(id)}/try`, attempt);
/** @returns {Promise<import("./types.js").MCPStatus[]>} */
export const listMCPServers = () => getJSON("/mcp/servers");
/** @param {string} server @returns {Promise<import("./types.js").MCPPrompt[]>} */
export const listPrompts = (server) => getJSON(`/mcp/servers/${segment(server)}/prompts`);
/**
 * @param {string} server
 * @param {string} prompt
 * @param {Record<string, string>} values
 * @returns {Promise<{messages?: {role: string, content: any}[]}>}
 */
export const fillPrompt = (server, prompt, values) =>
  sendJSON("POST", `/mcp/servers/${segment(server)}/prompts/${segment(prompt)}`, { arguments: values });
/** @param {string} server @returns {Promise<import("./types.js").MCPResource[]>} */
export const listResources = (server) => getJSON(`/mcp/servers/${segment(server)}/resources`);
/** @param {string} server @param {string} uri @returns {Promise<import("./types.js").MCPContents[]>} */
export const readResource = (server, uri) => getJSON(`/mcp/servers/${segment(server)}/resource${queryText({ uri })}`);

/** @param {string} id one path segment, whatever it holds */
const segment = (id) => encodeURIComponent(id);

/** @param {Record<string, string | number | undefined>} values left out where undefined */
function queryText(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

/** @param {string} path */
export const getJSON = async (path) => (await request("GET", path)).json();

/**
 * @param {string} method
 * @param {string} path
 * @param {any} [body]
 */
export const sendJSON = async (method, path, body) => (await request(method, path, body)).json().catch(() => null);

/**
 * @param {string} method
 * @param {string} path
 * @param {any} [body] sent as JSON
 * @param {{signal?: AbortSignal, accept?: string, lastEventId?: string | null}} options
 * @returns {Promise<Response>} only ever a success; everything else is thrown as an ApiError
 */
async function request(method, path, body, { signal, accept = "application/json", lastEventId } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: accept };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (lastEventId) headers["Last-Event-ID"] = lastEventId;
  const response = await reach(path, {
    method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    const text = await response.text();
    // Where tokens count, the original says so with 403.
    if (response.status === 401 || text.includes('"Not authenticated"')) connection.dispatchEvent(new Event("refused"));
    throw new ApiError(response.status, errorText(response.status, text));
  }
  return response;
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function reach(path, options) {
  try {
    const response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
    connection.dispatchEvent(new Event("reached"));
    return response;
  } catch (error) {
    if (options?.signal?.aborted) throw error;
    connection.dispatchEvent(new Event("lost"));
    throw new ApiError(0, t("error.offline"));
  }
}

/**
 * What a person can be told about a failed reply.
 * @param {number} status
 * @param {string} body
 */
export function errorText(status, body) {
  const detail = detailText(body);
  if (status === 0) return t("error.offline");
  if (status === 401 || status === 403) return detail || t("error.signedOut");
  if (status === 409) return detail || t("error.busy");
  if (status === 413) return detail || t("error.tooLarge");
  return detail || t("error.server", { status });
}

/** @param {string} body */
function detailText(body) {
  try {
    const { detail } = JSON.parse(body);
    if (typeof detail === "string") return detail;
    if (Array.isArray(detail)) return detail.map(validationText).join("; ");
  } catch {
    // Not our JSON: a proxy's page or plain text says nothing to a person.
  }
  return "";
}

/** @param {{loc?: (string | number)[], msg?: string}} problem */
function validationText({ loc = [], msg = "" }) {
  const place = loc.filter((part) => part !== "body").join(" › ");
  return place ? `${place}: ${msg}` : msg;
}

/**
 * Tells what an error says to a person, whatever was thrown.
 * @param {unknown} error
 */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));
