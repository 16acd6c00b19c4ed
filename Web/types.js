// @ts-check
// The nouns on the wire, for the type checker only: nothing here runs.

/**
 * @typedef {{assistant_id: string, user_id: string, name: string, config: {configurable?: Record<string, any>},
 *   updated_at: string, public: boolean}} Assistant
 * @typedef {{thread_id: string, user_id: string, assistant_id: string | null, name: string, updated_at: string,
 *   metadata: {assistant_type?: string} | null}} Thread
 * @typedef {{name: string, args: any, id: string | null, argsText?: string, progress?: string}} ToolCall
 * @typedef {{number: number, file_id: string, hash?: string | null, source: string, page?: number | null, start: number, end: number,
 *   quote?: string}} Citation
 * @typedef {{type: string, id: string, content: any, name?: string | null, tool_calls?: ToolCall[],
 *   tool_call_id?: string, artifact?: any, status?: string, usage_metadata?: any,
 *   additional_kwargs?: Record<string, any>, response_metadata?: Record<string, any>}} Message
 * @typedef {{text: string, pictures: string[]}} Said what a person says; pictures as `data:` addresses
 * @typedef {{values: Message[] | {messages: Message[]} | null, next: string[]}} ThreadState
 * @typedef {{assistant_id: string, version: number, name: string, config: Assistant["config"], public: boolean,
 *   created_at: string}} AssistantVersion
 * @typedef {{message_id: string, checkpoint_id: string, before?: string, run_id?: string, created_at: string}} Origin
 * @typedef {{message_id: string, alternatives: {checkpoint_id: string, is_current: boolean}[]}} Fork
 * @typedef {{head?: string, end?: string, messages: Origin[], forks: Fork[]}} Lineage
 * @typedef {{message_id: string, type?: string, is_removed: boolean, excerpt: string, tools: string[]}} Write
 * @typedef {{checkpoint_id: string, parent_id: string | null, run_id: string | null, step: number, source: string,
 *   node: string | null, next: string[], created_at: string, is_current: boolean, writes: Write[]}} TimelineEntry
 * @typedef {{run_id: string, key: string, score: number | boolean | null, value: any, comment: string | null,
 *   updated_at: string}} Feedback
 * @typedef {{run_id: string, thread_id: string, assistant_id: string, status: string,
 *   error: {code: string, message: string} | null, created_at: string, updated_at: string, usage?: UsageTotal}} Run
 * @typedef {{name: string, at: string, attributes: Record<string, any>}} SpanEvent
 * @typedef {{span_id: string, parent_id?: string, kind: string, name: string, started_at: string,
 *   duration_microseconds?: number, error?: {type: string, message?: string}, attributes: Record<string, any>,
 *   events: SpanEvent[]}} Span
 * @typedef {{run: Run, spans: Span[]}} Trace
 * @typedef {{text: string, is_match: boolean}[]} Excerpt
 * @typedef {{thread_id: string, thread_name: string, message_id: string, type: string, checkpoint_id: string,
 *   created_at: string, excerpt: Excerpt}} FoundMessage
 * @typedef {{file_id: string, file_name: string, page?: number, start: number, end: number,
 *   excerpt: Excerpt}} FoundInFile
 * @typedef {{messages?: FoundPage<FoundMessage>, passages?: FoundPage<FoundInFile>,
 *   assistants?: FoundPage<Assistant>, threads?: FoundPage<Thread>}} FoundThings
 * @typedef {{file_id: string, name: string, media_type: string, size_bytes: number, status: string,
 *   searchable?: boolean, progress?: {done: number, total?: number | null}, replacement?: object, hash?: string,
 *   origin?: {url: string, fetched_at?: string | null, refetch_hours?: number | null}, namespace?: Record<string, string>,
 *   error?: string | null, page_count?: number | null, chunk_count?: number | null, created_at: string}} StoredFile
 * @typedef {{serving: string, dimensions: number, wanted: string, beside?: {model: string,
 *   state: "building" | "stopped" | "earlier",
 *   progress?: {made: number, all: number, indexing: boolean, problem?: string}}}} EmbeddingReport
 * @typedef {{chunk_id: string, ordinal: number, text: string, start: number, end: number, page?: number | null,
 *   headings: string[], has_vector: boolean}} FileChunk
 * @typedef {{collection_id: string, name: string, description: string, file_count: number, size_bytes: number,
 *   assistant_count: number}} FileCollection
 * @typedef {{chunk_id: string, file_id: string, source: string, text: string, start: number, end: number,
 *   page?: number | null, headings?: string[], score?: number, text_rank?: number | null, vector_rank?: number | null,
 *   text_score?: number | null, similarity?: number | null}} FoundPassage
 * @typedef {FoundPassage & {fate: "shown" | "joined" | "duplicate" | "other_page", of?: string}} Candidate
 * @typedef {{query: string, namespaces: Record<string, string>[], compared_meaning: boolean, considered: number,
 *   candidates: Candidate[], seconds: number}} SearchReport what a search did, kept with what it found
 * @typedef {{passages: FoundPassage[], has_more: boolean, compared_meaning?: boolean,
 *   candidates?: Candidate[]}} SearchReply
 * @typedef {{text: string, answer_start: number, answer_end: number, number?: number | null,
 *   state: "exact" | "near" | "not_found", place?: {file_id: string, hash?: string | null, source: string,
 *   page?: number | null, start: number, end: number} | null}} Quotation
 * @typedef {{file_id: string, name: string, hash?: string, from: number, to: number, length: number, text: string,
 *   pages?: {page: number, start: number, end: number}[]}} FileText
 * @typedef {{name: string, provider: string, provider_title: string, model: string, origin: string, pinned: boolean,
 *   usable: boolean, problem: string | null, tools: string, images: boolean, thinking: boolean,
 *   context_tokens: number | null, max_output_tokens: number | null, input_price: number | null,
 *   output_price: number | null, cached_input_price: number | null, effort: string | null, fallback: string | null,
 *   cache: boolean, base_url?: string | null, has_key?: boolean}} ModelInfo the last two for administrators alone
 * @typedef {{id: string, title: string, base_url: string | null, needs_key: boolean}} Provider
 * @typedef {{key?: string, calls: number, input_tokens: number, cached_tokens: number, output_tokens: number,
 *   cost_micros: number, unpriced_calls: number}} UsageTotal
 * @typedef {{group_by: string, total: UsageTotal, items: UsageTotal[]}} Usage
 * @typedef {{name: string, state: string, detail?: string | null, bytes?: Record<string, number>}} ReadinessPart
 * @typedef {{status: string, version?: string, parts?: ReadinessPart[]}} Readiness
 * @typedef {{fileId: string | null, name: string, page: number | null, start: number | null, end: number | null,
 *   quote: string, textRank: number | null, vectorRank: number | null, hash?: string | null, chunkId?: string | null,
 *   textScore?: number | null, similarity?: number | null}} Passage
 * @typedef {{call_id: string, name: string, arguments: any, arguments_hash: string,
 *   cause: "confirmation" | "permission" | "egress" | "edited" | "changed",
 *   change?: {before?: ToolPin, now: ToolPin}}} Approval
 * @typedef {{origin: string, name: string, description: string, parameters: any, reads_only: boolean}} ToolPin
 * @typedef {{call_id: string, action: "approve" | "edit" | "refuse", arguments_hash?: string, arguments?: any,
 *   reason?: string | null}} CallDecision
 * @typedef {{name: string, state: "starting" | "ready" | "failed", detail: string, prompts: boolean,
 *   resources: boolean}} MCPStatus
 * @typedef {{name: string, title?: string, description?: string,
 *   arguments?: {name: string, description?: string, required?: boolean}[]}} MCPPrompt
 * @typedef {{uri: string, name: string, title?: string, description?: string, mimeType?: string}} MCPResource
 * @typedef {{uri: string, mimeType?: string, text?: string, blob?: string}} MCPContents
 * @typedef {{type: string, name: string, description: string, origin: "built_in" | "mcp" | "openapi",
 *   config: Record<string, any>, asks_by_itself: boolean, state?: MCPStatus,
 *   functions: {name: string, description: string, reads_only: boolean}[]}} ToolListing
 * @typedef {{id: string, method: string, path: string, summary: string, reads_only: boolean, obstacle?: string,
 *   parameters: any}} ServiceOperation
 * @typedef {{tool_id: string, name: string, base_url: string, operations: string[], has_secret: boolean,
 *   authentication: {type: string, name?: string}, available_operations?: ServiceOperation[]}} Service
 * @typedef {{node: HTMLElement, title: string, header?: Node[], focus?: () => void, dispose?: () => void, mayLeave?: () => Promise<boolean>}} Screen
 */

/**
 * @template Item
 * @typedef {{items: Item[], has_more: boolean}} FoundPage
 */

export {};
