#pragma once
// libxml2 behind a narrow door: a pull reader for XML and events for HTML, both without network,
// without entity substitution and without the limits-off option. libxml2's own headers stay in CXML.c.

#include <stddef.h>

typedef struct _xmlTextReader CXMLReader;

enum {
  CXML_END = 0,
  CXML_START_ELEMENT = 1,
  CXML_EMPTY_ELEMENT = 2,
  CXML_END_ELEMENT = 3,
  CXML_TEXT = 4,
  CXML_OTHER = 5,
  CXML_DOCTYPE = 6,
  CXML_MALFORMED = -1,
};

/// Reads `count` bytes that must outlive the reader. NULL when out of memory.
CXMLReader *cxml_reader_open(const void *bytes, int count);
void cxml_reader_close(CXMLReader *reader);
/// Goes to the next node and tells what it is.
int cxml_reader_next(CXMLReader *reader);
/// Valid until the next call of `cxml_reader_next`; NULL when there is none.
const char *cxml_reader_local_name(CXMLReader *reader);
const char *cxml_reader_text(CXMLReader *reader);
/// The first attribute whose name is `name`, with its prefix or without; to be freed with `cxml_free`.
char *cxml_reader_attribute(CXMLReader *reader, const char *name);
void cxml_free(char *text);

typedef struct {
  /// `attributes` is NULL, or name and value in turn, then NULL; a value may be NULL.
  void (*start)(void *context, const char *name, const char *const *attributes);
  void (*end)(void *context, const char *name);
  void (*text)(void *context, const char *bytes, int count);
} CXMLEvents;

/// Tells `events` what it finds in an HTML page in UTF-8. Recovers from everything; 0, or -1 when out of
/// memory.
int cxml_html_parse(const void *bytes, int count, const CXMLEvents *events, void *context);
