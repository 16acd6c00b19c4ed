// The page of Web/, embedded. Written by `make page-table` from what lies there, and to be written anew when
// a file comes or goes; a test compares the table with the directory.
#include "CWeb.h"

// SwiftPM names the package's own, older C standard on the command line too.
#pragma clang diagnostic ignored "-Wc23-extensions"

#if __has_embed("../../Web/vendor/marked.esm.js") == __STDC_EMBED_NOT_FOUND__
#error "Web/vendor/marked.esm.js is missing: run `make setup`, which copies it from Debian's node-marked."
#endif

static const uint8_t api_js[] = {
#embed "../../Web/api.js"
};
static const uint8_t assistant_actions_js[] = {
#embed "../../Web/assistant-actions.js"
};
static const uint8_t assistant_js[] = {
#embed "../../Web/assistant.js"
};
static const uint8_t backup_api_js[] = {
#embed "../../Web/backup-api.js"
};
static const uint8_t capsule_js[] = {
#embed "../../Web/capsule.js"
};
static const uint8_t chat_event_stream_js[] = {
#embed "../../Web/chat/event-stream.js"
};
static const uint8_t chat_lineage_js[] = {
#embed "../../Web/chat/lineage.js"
};
static const uint8_t chat_messages_js[] = {
#embed "../../Web/chat/messages.js"
};
static const uint8_t chat_open_runs_js[] = {
#embed "../../Web/chat/open-runs.js"
};
static const uint8_t chat_pictures_js[] = {
#embed "../../Web/chat/pictures.js"
};
static const uint8_t chat_session_js[] = {
#embed "../../Web/chat/session.js"
};
static const uint8_t chat_sessions_js[] = {
#embed "../../Web/chat/sessions.js"
};
static const uint8_t docs_html[] = {
#embed "../../Web/docs.html"
};
static const uint8_t docs_js[] = {
#embed "../../Web/docs.js"
};
static const uint8_t dom_js[] = {
#embed "../../Web/dom.js"
};
static const uint8_t drafts_js[] = {
#embed "../../Web/drafts.js"
};
static const uint8_t favicon_svg[] = {
#embed "../../Web/favicon.svg"
};
static const uint8_t format_js[] = {
#embed "../../Web/format.js"
};
static const uint8_t identity_api_js[] = {
#embed "../../Web/identity-api.js"
};
static const uint8_t identity_js[] = {
#embed "../../Web/identity.js"
};
static const uint8_t index_html[] = {
#embed "../../Web/index.html"
};
static const uint8_t knowledge_dropped_files_js[] = {
#embed "../../Web/knowledge/dropped-files.js"
};
static const uint8_t knowledge_file_watch_js[] = {
#embed "../../Web/knowledge/file-watch.js"
};
static const uint8_t knowledge_places_js[] = {
#embed "../../Web/knowledge/places.js"
};
static const uint8_t knowledge_uploads_js[] = {
#embed "../../Web/knowledge/uploads.js"
};
static const uint8_t library_js[] = {
#embed "../../Web/library.js"
};
static const uint8_t main_js[] = {
#embed "../../Web/main.js"
};
static const uint8_t models_js[] = {
#embed "../../Web/models.js"
};
static const uint8_t navigation_js[] = {
#embed "../../Web/navigation.js"
};
static const uint8_t parts_announcer_js[] = {
#embed "../../Web/parts/announcer.js"
};
static const uint8_t parts_answer_actions_js[] = {
#embed "../../Web/parts/answer-actions.js"
};
static const uint8_t parts_answer_js[] = {
#embed "../../Web/parts/answer.js"
};
static const uint8_t parts_approval_card_js[] = {
#embed "../../Web/parts/approval-card.js"
};
static const uint8_t parts_approval_panel_js[] = {
#embed "../../Web/parts/approval-panel.js"
};
static const uint8_t parts_assistant_form_js[] = {
#embed "../../Web/parts/assistant-form.js"
};
static const uint8_t parts_budget_form_js[] = {
#embed "../../Web/parts/budget-form.js"
};
static const uint8_t parts_budget_text_js[] = {
#embed "../../Web/parts/budget-text.js"
};
static const uint8_t parts_chat_status_js[] = {
#embed "../../Web/parts/chat-status.js"
};
static const uint8_t parts_citations_js[] = {
#embed "../../Web/parts/citations.js"
};
static const uint8_t parts_clipboard_js[] = {
#embed "../../Web/parts/clipboard.js"
};
static const uint8_t parts_code_block_js[] = {
#embed "../../Web/parts/code-block.js"
};
static const uint8_t parts_collection_picker_js[] = {
#embed "../../Web/parts/collection-picker.js"
};
static const uint8_t parts_comparison_js[] = {
#embed "../../Web/parts/comparison.js"
};
static const uint8_t parts_composer_js[] = {
#embed "../../Web/parts/composer.js"
};
static const uint8_t parts_config_field_js[] = {
#embed "../../Web/parts/config-field.js"
};
static const uint8_t parts_conversation_js[] = {
#embed "../../Web/parts/conversation.js"
};
static const uint8_t parts_countdown_js[] = {
#embed "../../Web/parts/countdown.js"
};
static const uint8_t parts_dialog_form_js[] = {
#embed "../../Web/parts/dialog-form.js"
};
static const uint8_t parts_dialog_js[] = {
#embed "../../Web/parts/dialog.js"
};
static const uint8_t parts_directory_picker_js[] = {
#embed "../../Web/parts/directory-picker.js"
};
static const uint8_t parts_drawer_js[] = {
#embed "../../Web/parts/drawer.js"
};
static const uint8_t parts_drop_zone_js[] = {
#embed "../../Web/parts/drop-zone.js"
};
static const uint8_t parts_embedding_change_js[] = {
#embed "../../Web/parts/embedding-change.js"
};
static const uint8_t parts_empty_state_js[] = {
#embed "../../Web/parts/empty-state.js"
};
static const uint8_t parts_excerpt_js[] = {
#embed "../../Web/parts/excerpt.js"
};
static const uint8_t parts_failure_js[] = {
#embed "../../Web/parts/failure.js"
};
static const uint8_t parts_file_chooser_js[] = {
#embed "../../Web/parts/file-chooser.js"
};
static const uint8_t parts_file_list_js[] = {
#embed "../../Web/parts/file-list.js"
};
static const uint8_t parts_file_preview_js[] = {
#embed "../../Web/parts/file-preview.js"
};
static const uint8_t parts_file_row_js[] = {
#embed "../../Web/parts/file-row.js"
};
static const uint8_t parts_file_table_js[] = {
#embed "../../Web/parts/file-table.js"
};
static const uint8_t parts_form_fields_js[] = {
#embed "../../Web/parts/form-fields.js"
};
static const uint8_t parts_found_item_js[] = {
#embed "../../Web/parts/found-item.js"
};
static const uint8_t parts_group_by_date_js[] = {
#embed "../../Web/parts/group-by-date.js"
};
static const uint8_t parts_icon_button_js[] = {
#embed "../../Web/parts/icon-button.js"
};
static const uint8_t parts_icon_js[] = {
#embed "../../Web/parts/icon.js"
};
static const uint8_t parts_keyboard_space_js[] = {
#embed "../../Web/parts/keyboard-space.js"
};
static const uint8_t parts_left_out_js[] = {
#embed "../../Web/parts/left-out.js"
};
static const uint8_t parts_live_list_js[] = {
#embed "../../Web/parts/live-list.js"
};
static const uint8_t parts_menu_js[] = {
#embed "../../Web/parts/menu.js"
};
static const uint8_t parts_model_facts_js[] = {
#embed "../../Web/parts/model-facts.js"
};
static const uint8_t parts_model_form_js[] = {
#embed "../../Web/parts/model-form.js"
};
static const uint8_t parts_model_picker_js[] = {
#embed "../../Web/parts/model-picker.js"
};
static const uint8_t parts_notices_js[] = {
#embed "../../Web/parts/notices.js"
};
static const uint8_t parts_offer_dialog_js[] = {
#embed "../../Web/parts/offer-dialog.js"
};
static const uint8_t parts_permission_choice_js[] = {
#embed "../../Web/parts/permission-choice.js"
};
static const uint8_t parts_picture_tray_js[] = {
#embed "../../Web/parts/picture-tray.js"
};
static const uint8_t parts_picture_js[] = {
#embed "../../Web/parts/picture.js"
};
static const uint8_t parts_proof_js[] = {
#embed "../../Web/parts/proof.js"
};
static const uint8_t parts_rank_js[] = {
#embed "../../Web/parts/rank.js"
};
static const uint8_t parts_refetch_form_js[] = {
#embed "../../Web/parts/refetch-form.js"
};
static const uint8_t parts_remark_js[] = {
#embed "../../Web/parts/remark.js"
};
static const uint8_t parts_retrieval_test_js[] = {
#embed "../../Web/parts/retrieval-test.js"
};
static const uint8_t parts_run_list_js[] = {
#embed "../../Web/parts/run-list.js"
};
static const uint8_t parts_save_file_js[] = {
#embed "../../Web/parts/save-file.js"
};
static const uint8_t parts_secret_dialog_js[] = {
#embed "../../Web/parts/secret-dialog.js"
};
static const uint8_t parts_service_editor_js[] = {
#embed "../../Web/parts/service-editor.js"
};
static const uint8_t parts_share_list_js[] = {
#embed "../../Web/parts/share-list.js"
};
static const uint8_t parts_shell_js[] = {
#embed "../../Web/parts/shell.js"
};
static const uint8_t parts_shortcuts_js[] = {
#embed "../../Web/parts/shortcuts.js"
};
static const uint8_t parts_sibling_switch_js[] = {
#embed "../../Web/parts/sibling-switch.js"
};
static const uint8_t parts_side_panel_js[] = {
#embed "../../Web/parts/side-panel.js"
};
static const uint8_t parts_sidebar_js[] = {
#embed "../../Web/parts/sidebar.js"
};
static const uint8_t parts_source_panel_js[] = {
#embed "../../Web/parts/source-panel.js"
};
static const uint8_t parts_span_details_js[] = {
#embed "../../Web/parts/span-details.js"
};
static const uint8_t parts_span_tree_js[] = {
#embed "../../Web/parts/span-tree.js"
};
static const uint8_t parts_status_button_js[] = {
#embed "../../Web/parts/status-button.js"
};
static const uint8_t parts_status_parts_js[] = {
#embed "../../Web/parts/status-parts.js"
};
static const uint8_t parts_stick_to_bottom_js[] = {
#embed "../../Web/parts/stick-to-bottom.js"
};
static const uint8_t parts_template_cards_js[] = {
#embed "../../Web/parts/template-cards.js"
};
static const uint8_t parts_test_chat_js[] = {
#embed "../../Web/parts/test-chat.js"
};
static const uint8_t parts_theme_switch_js[] = {
#embed "../../Web/parts/theme-switch.js"
};
static const uint8_t parts_thread_view_js[] = {
#embed "../../Web/parts/thread-view.js"
};
static const uint8_t parts_timeline_row_js[] = {
#embed "../../Web/parts/timeline-row.js"
};
static const uint8_t parts_toast_js[] = {
#embed "../../Web/parts/toast.js"
};
static const uint8_t parts_tool_card_js[] = {
#embed "../../Web/parts/tool-card.js"
};
static const uint8_t parts_tool_picker_js[] = {
#embed "../../Web/parts/tool-picker.js"
};
static const uint8_t parts_tool_picture_js[] = {
#embed "../../Web/parts/tool-picture.js"
};
static const uint8_t parts_upload_queue_js[] = {
#embed "../../Web/parts/upload-queue.js"
};
static const uint8_t parts_upload_rows_js[] = {
#embed "../../Web/parts/upload-rows.js"
};
static const uint8_t parts_usage_js[] = {
#embed "../../Web/parts/usage.js"
};
static const uint8_t parts_version_list_js[] = {
#embed "../../Web/parts/version-list.js"
};
static const uint8_t parts_why_panel_js[] = {
#embed "../../Web/parts/why-panel.js"
};
static const uint8_t preferences_js[] = {
#embed "../../Web/preferences.js"
};
static const uint8_t readiness_js[] = {
#embed "../../Web/readiness.js"
};
static const uint8_t router_js[] = {
#embed "../../Web/router.js"
};
static const uint8_t schema_js[] = {
#embed "../../Web/schema.js"
};
static const uint8_t screens_assistant_form_js[] = {
#embed "../../Web/screens/assistant-form.js"
};
static const uint8_t screens_assistants_js[] = {
#embed "../../Web/screens/assistants.js"
};
static const uint8_t screens_chat_js[] = {
#embed "../../Web/screens/chat.js"
};
static const uint8_t screens_files_js[] = {
#embed "../../Web/screens/files.js"
};
static const uint8_t screens_first_run_js[] = {
#embed "../../Web/screens/first-run.js"
};
static const uint8_t screens_history_js[] = {
#embed "../../Web/screens/history.js"
};
static const uint8_t screens_knowledge_js[] = {
#embed "../../Web/screens/knowledge.js"
};
static const uint8_t screens_not_found_js[] = {
#embed "../../Web/screens/not-found.js"
};
static const uint8_t screens_run_js[] = {
#embed "../../Web/screens/run.js"
};
static const uint8_t screens_search_js[] = {
#embed "../../Web/screens/search.js"
};
static const uint8_t screens_settings_js[] = {
#embed "../../Web/screens/settings.js"
};
static const uint8_t screens_sign_in_js[] = {
#embed "../../Web/screens/sign-in.js"
};
static const uint8_t screens_start_js[] = {
#embed "../../Web/screens/start.js"
};
static const uint8_t screens_status_js[] = {
#embed "../../Web/screens/status.js"
};
static const uint8_t settings_account_js[] = {
#embed "../../Web/settings/account.js"
};
static const uint8_t settings_api_keys_js[] = {
#embed "../../Web/settings/api-keys.js"
};
static const uint8_t settings_appearance_js[] = {
#embed "../../Web/settings/appearance.js"
};
static const uint8_t settings_audit_js[] = {
#embed "../../Web/settings/audit.js"
};
static const uint8_t settings_backups_js[] = {
#embed "../../Web/settings/backups.js"
};
static const uint8_t settings_budget_js[] = {
#embed "../../Web/settings/budget.js"
};
static const uint8_t settings_data_js[] = {
#embed "../../Web/settings/data.js"
};
static const uint8_t settings_groups_js[] = {
#embed "../../Web/settings/groups.js"
};
static const uint8_t settings_language_js[] = {
#embed "../../Web/settings/language.js"
};
static const uint8_t settings_models_js[] = {
#embed "../../Web/settings/models.js"
};
static const uint8_t settings_sessions_js[] = {
#embed "../../Web/settings/sessions.js"
};
static const uint8_t settings_shortcuts_js[] = {
#embed "../../Web/settings/shortcuts.js"
};
static const uint8_t settings_tools_js[] = {
#embed "../../Web/settings/tools.js"
};
static const uint8_t settings_usage_js[] = {
#embed "../../Web/settings/usage.js"
};
static const uint8_t settings_users_js[] = {
#embed "../../Web/settings/users.js"
};
static const uint8_t strings_js[] = {
#embed "../../Web/strings.js"
};
static const uint8_t strings_de_js[] = {
#embed "../../Web/strings/de.js"
};
static const uint8_t strings_en_js[] = {
#embed "../../Web/strings/en.js"
};
static const uint8_t strings_zh_js[] = {
#embed "../../Web/strings/zh.js"
};
static const uint8_t style_assistants_css[] = {
#embed "../../Web/style/assistants.css"
};
static const uint8_t style_base_css[] = {
#embed "../../Web/style/base.css"
};
static const uint8_t style_builder_css[] = {
#embed "../../Web/style/builder.css"
};
static const uint8_t style_chat_css[] = {
#embed "../../Web/style/chat.css"
};
static const uint8_t style_controls_css[] = {
#embed "../../Web/style/controls.css"
};
static const uint8_t style_docs_css[] = {
#embed "../../Web/style/docs.css"
};
static const uint8_t style_files_css[] = {
#embed "../../Web/style/files.css"
};
static const uint8_t style_history_css[] = {
#embed "../../Web/style/history.css"
};
static const uint8_t style_identity_css[] = {
#embed "../../Web/style/identity.css"
};
static const uint8_t style_knowledge_css[] = {
#embed "../../Web/style/knowledge.css"
};
static const uint8_t style_markdown_css[] = {
#embed "../../Web/style/markdown.css"
};
static const uint8_t style_models_css[] = {
#embed "../../Web/style/models.css"
};
static const uint8_t style_pictures_css[] = {
#embed "../../Web/style/pictures.css"
};
static const uint8_t style_search_css[] = {
#embed "../../Web/style/search.css"
};
static const uint8_t style_settings_css[] = {
#embed "../../Web/style/settings.css"
};
static const uint8_t style_shell_css[] = {
#embed "../../Web/style/shell.css"
};
static const uint8_t style_source_css[] = {
#embed "../../Web/style/source.css"
};
static const uint8_t style_tokens_css[] = {
#embed "../../Web/style/tokens.css"
};
static const uint8_t style_tools_css[] = {
#embed "../../Web/style/tools.css"
};
static const uint8_t style_trace_css[] = {
#embed "../../Web/style/trace.css"
};
static const uint8_t style_why_css[] = {
#embed "../../Web/style/why.css"
};
static const uint8_t templates_js[] = {
#embed "../../Web/templates.js"
};
static const uint8_t text_blocks_js[] = {
#embed "../../Web/text/blocks.js"
};
static const uint8_t text_decorate_js[] = {
#embed "../../Web/text/decorate.js"
};
static const uint8_t text_entities_js[] = {
#embed "../../Web/text/entities.js"
};
static const uint8_t text_highlight_js[] = {
#embed "../../Web/text/highlight.js"
};
static const uint8_t text_inline_js[] = {
#embed "../../Web/text/inline.js"
};
static const uint8_t text_line_diff_js[] = {
#embed "../../Web/text/line-diff.js"
};
static const uint8_t text_markdown_js[] = {
#embed "../../Web/text/markdown.js"
};
static const uint8_t text_math_tokens_js[] = {
#embed "../../Web/text/math-tokens.js"
};
static const uint8_t text_maths_js[] = {
#embed "../../Web/text/maths.js"
};
static const uint8_t text_offers_js[] = {
#embed "../../Web/text/offers.js"
};
static const uint8_t text_passages_js[] = {
#embed "../../Web/text/passages.js"
};
static const uint8_t text_safe_address_js[] = {
#embed "../../Web/text/safe-address.js"
};
static const uint8_t theme_js[] = {
#embed "../../Web/theme.js"
};
static const uint8_t types_js[] = {
#embed "../../Web/types.js"
};
static const uint8_t upload_js[] = {
#embed "../../Web/upload.js"
};
#if __has_embed("../../Web/vendor/katex.js") == __STDC_EMBED_FOUND__
static const uint8_t vendor_katex_js[] = {
#embed "../../Web/vendor/katex.js"
};
#endif
static const uint8_t vendor_marked_esm_js[] = {
#embed "../../Web/vendor/marked.esm.js"
};
#if __has_embed("../../Web/vendor/prism.js") == __STDC_EMBED_FOUND__
static const uint8_t vendor_prism_js[] = {
#embed "../../Web/vendor/prism.js"
};
#endif

#define ASSET(path, media_type, bytes) {path, media_type, bytes, sizeof bytes}

static const char document[] = "text/html; charset=utf-8";
static const char drawing[] = "image/svg+xml";
static const char javascript[] = "text/javascript; charset=utf-8";
static const char stylesheet[] = "text/css; charset=utf-8";

static const cweb_asset assets[] = {
  ASSET("/api.js", javascript, api_js),
  ASSET("/assistant-actions.js", javascript, assistant_actions_js),
  ASSET("/assistant.js", javascript, assistant_js),
  ASSET("/backup-api.js", javascript, backup_api_js),
  ASSET("/capsule.js", javascript, capsule_js),
  ASSET("/chat/event-stream.js", javascript, chat_event_stream_js),
  ASSET("/chat/lineage.js", javascript, chat_lineage_js),
  ASSET("/chat/messages.js", javascript, chat_messages_js),
  ASSET("/chat/open-runs.js", javascript, chat_open_runs_js),
  ASSET("/chat/pictures.js", javascript, chat_pictures_js),
  ASSET("/chat/session.js", javascript, chat_session_js),
  ASSET("/chat/sessions.js", javascript, chat_sessions_js),
  ASSET("/docs.html", document, docs_html),
  ASSET("/docs.js", javascript, docs_js),
  ASSET("/dom.js", javascript, dom_js),
  ASSET("/drafts.js", javascript, drafts_js),
  ASSET("/favicon.svg", drawing, favicon_svg),
  ASSET("/format.js", javascript, format_js),
  ASSET("/identity-api.js", javascript, identity_api_js),
  ASSET("/identity.js", javascript, identity_js),
  ASSET("/index.html", document, index_html),
  ASSET("/knowledge/dropped-files.js", javascript, knowledge_dropped_files_js),
  ASSET("/knowledge/file-watch.js", javascript, knowledge_file_watch_js),
  ASSET("/knowledge/places.js", javascript, knowledge_places_js),
  ASSET("/knowledge/uploads.js", javascript, knowledge_uploads_js),
  ASSET("/library.js", javascript, library_js),
  ASSET("/main.js", javascript, main_js),
  ASSET("/models.js", javascript, models_js),
  ASSET("/navigation.js", javascript, navigation_js),
  ASSET("/parts/announcer.js", javascript, parts_announcer_js),
  ASSET("/parts/answer-actions.js", javascript, parts_answer_actions_js),
  ASSET("/parts/answer.js", javascript, parts_answer_js),
  ASSET("/parts/approval-card.js", javascript, parts_approval_card_js),
  ASSET("/parts/approval-panel.js", javascript, parts_approval_panel_js),
  ASSET("/parts/assistant-form.js", javascript, parts_assistant_form_js),
  ASSET("/parts/budget-form.js", javascript, parts_budget_form_js),
  ASSET("/parts/budget-text.js", javascript, parts_budget_text_js),
  ASSET("/parts/chat-status.js", javascript, parts_chat_status_js),
  ASSET("/parts/citations.js", javascript, parts_citations_js),
  ASSET("/parts/clipboard.js", javascript, parts_clipboard_js),
  ASSET("/parts/code-block.js", javascript, parts_code_block_js),
  ASSET("/parts/collection-picker.js", javascript, parts_collection_picker_js),
  ASSET("/parts/comparison.js", javascript, parts_comparison_js),
  ASSET("/parts/composer.js", javascript, parts_composer_js),
  ASSET("/parts/config-field.js", javascript, parts_config_field_js),
  ASSET("/parts/conversation.js", javascript, parts_conversation_js),
  ASSET("/parts/countdown.js", javascript, parts_countdown_js),
  ASSET("/parts/dialog-form.js", javascript, parts_dialog_form_js),
  ASSET("/parts/dialog.js", javascript, parts_dialog_js),
  ASSET("/parts/directory-picker.js", javascript, parts_directory_picker_js),
  ASSET("/parts/drawer.js", javascript, parts_drawer_js),
  ASSET("/parts/drop-zone.js", javascript, parts_drop_zone_js),
  ASSET("/parts/embedding-change.js", javascript, parts_embedding_change_js),
  ASSET("/parts/empty-state.js", javascript, parts_empty_state_js),
  ASSET("/parts/excerpt.js", javascript, parts_excerpt_js),
  ASSET("/parts/failure.js", javascript, parts_failure_js),
  ASSET("/parts/file-chooser.js", javascript, parts_file_chooser_js),
  ASSET("/parts/file-list.js", javascript, parts_file_list_js),
  ASSET("/parts/file-preview.js", javascript, parts_file_preview_js),
  ASSET("/parts/file-row.js", javascript, parts_file_row_js),
  ASSET("/parts/file-table.js", javascript, parts_file_table_js),
  ASSET("/parts/form-fields.js", javascript, parts_form_fields_js),
  ASSET("/parts/found-item.js", javascript, parts_found_item_js),
  ASSET("/parts/group-by-date.js", javascript, parts_group_by_date_js),
  ASSET("/parts/icon-button.js", javascript, parts_icon_button_js),
  ASSET("/parts/icon.js", javascript, parts_icon_js),
  ASSET("/parts/keyboard-space.js", javascript, parts_keyboard_space_js),
  ASSET("/parts/left-out.js", javascript, parts_left_out_js),
  ASSET("/parts/live-list.js", javascript, parts_live_list_js),
  ASSET("/parts/menu.js", javascript, parts_menu_js),
  ASSET("/parts/model-facts.js", javascript, parts_model_facts_js),
  ASSET("/parts/model-form.js", javascript, parts_model_form_js),
  ASSET("/parts/model-picker.js", javascript, parts_model_picker_js),
  ASSET("/parts/notices.js", javascript, parts_notices_js),
  ASSET("/parts/offer-dialog.js", javascript, parts_offer_dialog_js),
  ASSET("/parts/permission-choice.js", javascript, parts_permission_choice_js),
  ASSET("/parts/picture-tray.js", javascript, parts_picture_tray_js),
  ASSET("/parts/picture.js", javascript, parts_picture_js),
  ASSET("/parts/proof.js", javascript, parts_proof_js),
  ASSET("/parts/rank.js", javascript, parts_rank_js),
  ASSET("/parts/refetch-form.js", javascript, parts_refetch_form_js),
  ASSET("/parts/remark.js", javascript, parts_remark_js),
  ASSET("/parts/retrieval-test.js", javascript, parts_retrieval_test_js),
  ASSET("/parts/run-list.js", javascript, parts_run_list_js),
  ASSET("/parts/save-file.js", javascript, parts_save_file_js),
  ASSET("/parts/secret-dialog.js", javascript, parts_secret_dialog_js),
  ASSET("/parts/service-editor.js", javascript, parts_service_editor_js),
  ASSET("/parts/share-list.js", javascript, parts_share_list_js),
  ASSET("/parts/shell.js", javascript, parts_shell_js),
  ASSET("/parts/shortcuts.js", javascript, parts_shortcuts_js),
  ASSET("/parts/sibling-switch.js", javascript, parts_sibling_switch_js),
  ASSET("/parts/side-panel.js", javascript, parts_side_panel_js),
  ASSET("/parts/sidebar.js", javascript, parts_sidebar_js),
  ASSET("/parts/source-panel.js", javascript, parts_source_panel_js),
  ASSET("/parts/span-details.js", javascript, parts_span_details_js),
  ASSET("/parts/span-tree.js", javascript, parts_span_tree_js),
  ASSET("/parts/status-button.js", javascript, parts_status_button_js),
  ASSET("/parts/status-parts.js", javascript, parts_status_parts_js),
  ASSET("/parts/stick-to-bottom.js", javascript, parts_stick_to_bottom_js),
  ASSET("/parts/template-cards.js", javascript, parts_template_cards_js),
  ASSET("/parts/test-chat.js", javascript, parts_test_chat_js),
  ASSET("/parts/theme-switch.js", javascript, parts_theme_switch_js),
  ASSET("/parts/thread-view.js", javascript, parts_thread_view_js),
  ASSET("/parts/timeline-row.js", javascript, parts_timeline_row_js),
  ASSET("/parts/toast.js", javascript, parts_toast_js),
  ASSET("/parts/tool-card.js", javascript, parts_tool_card_js),
  ASSET("/parts/tool-picker.js", javascript, parts_tool_picker_js),
  ASSET("/parts/tool-picture.js", javascript, parts_tool_picture_js),
  ASSET("/parts/upload-queue.js", javascript, parts_upload_queue_js),
  ASSET("/parts/upload-rows.js", javascript, parts_upload_rows_js),
  ASSET("/parts/usage.js", javascript, parts_usage_js),
  ASSET("/parts/version-list.js", javascript, parts_version_list_js),
  ASSET("/parts/why-panel.js", javascript, parts_why_panel_js),
  ASSET("/preferences.js", javascript, preferences_js),
  ASSET("/readiness.js", javascript, readiness_js),
  ASSET("/router.js", javascript, router_js),
  ASSET("/schema.js", javascript, schema_js),
  ASSET("/screens/assistant-form.js", javascript, screens_assistant_form_js),
  ASSET("/screens/assistants.js", javascript, screens_assistants_js),
  ASSET("/screens/chat.js", javascript, screens_chat_js),
  ASSET("/screens/files.js", javascript, screens_files_js),
  ASSET("/screens/first-run.js", javascript, screens_first_run_js),
  ASSET("/screens/history.js", javascript, screens_history_js),
  ASSET("/screens/knowledge.js", javascript, screens_knowledge_js),
  ASSET("/screens/not-found.js", javascript, screens_not_found_js),
  ASSET("/screens/run.js", javascript, screens_run_js),
  ASSET("/screens/search.js", javascript, screens_search_js),
  ASSET("/screens/settings.js", javascript, screens_settings_js),
  ASSET("/screens/sign-in.js", javascript, screens_sign_in_js),
  ASSET("/screens/start.js", javascript, screens_start_js),
  ASSET("/screens/status.js", javascript, screens_status_js),
  ASSET("/settings/account.js", javascript, settings_account_js),
  ASSET("/settings/api-keys.js", javascript, settings_api_keys_js),
  ASSET("/settings/appearance.js", javascript, settings_appearance_js),
  ASSET("/settings/audit.js", javascript, settings_audit_js),
  ASSET("/settings/backups.js", javascript, settings_backups_js),
  ASSET("/settings/budget.js", javascript, settings_budget_js),
  ASSET("/settings/data.js", javascript, settings_data_js),
  ASSET("/settings/groups.js", javascript, settings_groups_js),
  ASSET("/settings/language.js", javascript, settings_language_js),
  ASSET("/settings/models.js", javascript, settings_models_js),
  ASSET("/settings/sessions.js", javascript, settings_sessions_js),
  ASSET("/settings/shortcuts.js", javascript, settings_shortcuts_js),
  ASSET("/settings/tools.js", javascript, settings_tools_js),
  ASSET("/settings/usage.js", javascript, settings_usage_js),
  ASSET("/settings/users.js", javascript, settings_users_js),
  ASSET("/strings.js", javascript, strings_js),
  ASSET("/strings/de.js", javascript, strings_de_js),
  ASSET("/strings/en.js", javascript, strings_en_js),
  ASSET("/strings/zh.js", javascript, strings_zh_js),
  ASSET("/style/assistants.css", stylesheet, style_assistants_css),
  ASSET("/style/base.css", stylesheet, style_base_css),
  ASSET("/style/builder.css", stylesheet, style_builder_css),
  ASSET("/style/chat.css", stylesheet, style_chat_css),
  ASSET("/style/controls.css", stylesheet, style_controls_css),
  ASSET("/style/docs.css", stylesheet, style_docs_css),
  ASSET("/style/files.css", stylesheet, style_files_css),
  ASSET("/style/history.css", stylesheet, style_history_css),
  ASSET("/style/identity.css", stylesheet, style_identity_css),
  ASSET("/style/knowledge.css", stylesheet, style_knowledge_css),
  ASSET("/style/markdown.css", stylesheet, style_markdown_css),
  ASSET("/style/models.css", stylesheet, style_models_css),
  ASSET("/style/pictures.css", stylesheet, style_pictures_css),
  ASSET("/style/search.css", stylesheet, style_search_css),
  ASSET("/style/settings.css", stylesheet, style_settings_css),
  ASSET("/style/shell.css", stylesheet, style_shell_css),
  ASSET("/style/source.css", stylesheet, style_source_css),
  ASSET("/style/tokens.css", stylesheet, style_tokens_css),
  ASSET("/style/tools.css", stylesheet, style_tools_css),
  ASSET("/style/trace.css", stylesheet, style_trace_css),
  ASSET("/style/why.css", stylesheet, style_why_css),
  ASSET("/templates.js", javascript, templates_js),
  ASSET("/text/blocks.js", javascript, text_blocks_js),
  ASSET("/text/decorate.js", javascript, text_decorate_js),
  ASSET("/text/entities.js", javascript, text_entities_js),
  ASSET("/text/highlight.js", javascript, text_highlight_js),
  ASSET("/text/inline.js", javascript, text_inline_js),
  ASSET("/text/line-diff.js", javascript, text_line_diff_js),
  ASSET("/text/markdown.js", javascript, text_markdown_js),
  ASSET("/text/math-tokens.js", javascript, text_math_tokens_js),
  ASSET("/text/maths.js", javascript, text_maths_js),
  ASSET("/text/offers.js", javascript, text_offers_js),
  ASSET("/text/passages.js", javascript, text_passages_js),
  ASSET("/text/safe-address.js", javascript, text_safe_address_js),
  ASSET("/theme.js", javascript, theme_js),
  ASSET("/types.js", javascript, types_js),
  ASSET("/upload.js", javascript, upload_js),
#if __has_embed("../../Web/vendor/katex.js") == __STDC_EMBED_FOUND__
  ASSET("/vendor/katex.js", javascript, vendor_katex_js),
#endif
  ASSET("/vendor/marked.esm.js", javascript, vendor_marked_esm_js),
#if __has_embed("../../Web/vendor/prism.js") == __STDC_EMBED_FOUND__
  ASSET("/vendor/prism.js", javascript, vendor_prism_js),
#endif
};

size_t cweb_asset_count(void) { return sizeof assets / sizeof assets[0]; }

cweb_asset cweb_asset_at(size_t index) {
  return index < cweb_asset_count() ? assets[index] : (cweb_asset){0};
}

uint64_t cweb_asset_hash(cweb_asset asset) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < asset.length; i += 1) {
    hash ^= asset.bytes[i];
    hash *= 0x100000001b3;
  }
  return hash;
}
