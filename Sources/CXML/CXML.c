#include "CXML.h"

#include <libxml/HTMLparser.h>
#include <libxml/xmlreader.h>
#include <string.h>

CXMLReader *cxml_reader_open(const void *bytes, int count) {
  const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA;
  return xmlReaderForMemory(bytes, count, NULL, NULL, options);
}

void cxml_reader_close(CXMLReader *reader) { xmlFreeTextReader(reader); }

int cxml_reader_next(CXMLReader *reader) {
  int outcome = xmlTextReaderRead(reader);
  if (outcome <= 0) return outcome == 0 ? CXML_END : CXML_MALFORMED;
  switch (xmlTextReaderNodeType(reader)) {
    case XML_READER_TYPE_ELEMENT:
      return xmlTextReaderIsEmptyElement(reader) == 1 ? CXML_EMPTY_ELEMENT : CXML_START_ELEMENT;
    case XML_READER_TYPE_END_ELEMENT: return CXML_END_ELEMENT;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_WHITESPACE:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE: return CXML_TEXT;
    case XML_READER_TYPE_DOCUMENT_TYPE: return CXML_DOCTYPE;
    default: return CXML_OTHER;
  }
}

const char *cxml_reader_local_name(CXMLReader *reader) {
  return (const char *)xmlTextReaderConstLocalName(reader);
}

const char *cxml_reader_text(CXMLReader *reader) { return (const char *)xmlTextReaderConstValue(reader); }

char *cxml_reader_attribute(CXMLReader *reader, const char *name) {
  char *found = NULL;
  int more = xmlTextReaderMoveToFirstAttribute(reader);
  while (more == 1 && found == NULL) {
    const char *local = (const char *)xmlTextReaderConstLocalName(reader);
    const char *whole = (const char *)xmlTextReaderConstName(reader);
    if ((local != NULL && strcmp(local, name) == 0) || (whole != NULL && strcmp(whole, name) == 0))
      found = (char *)xmlTextReaderValue(reader);
    more = xmlTextReaderMoveToNextAttribute(reader);
  }
  xmlTextReaderMoveToElement(reader);
  return found;
}

void cxml_free(char *text) { xmlFree(text); }

struct page {
  const CXMLEvents *events;
  void *context;
};

static void start(void *page, const xmlChar *name, const xmlChar **attributes) {
  struct page *p = page;
  p->events->start(p->context, (const char *)name, (const char *const *)attributes);
}

static void end(void *page, const xmlChar *name) {
  struct page *p = page;
  p->events->end(p->context, (const char *)name);
}

static void text(void *page, const xmlChar *bytes, int count) {
  struct page *p = page;
  p->events->text(p->context, (const char *)bytes, count);
}

int cxml_html_parse(const void *bytes, int count, const CXMLEvents *events, void *context) {
  struct page page = {events, context};
  htmlSAXHandler handler = {
      .startElement = start,
      .endElement = end,
      .characters = text,
      .ignorableWhitespace = text,
      .cdataBlock = text,
  };
  // A push parser, because the memory one of 2.9 wants a document to hang a tree on.
  htmlParserCtxtPtr parser =
      htmlCreatePushParserCtxt(&handler, &page, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
  if (parser == NULL) return -1;
  htmlCtxtUseOptions(
      parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                  HTML_PARSE_IGNORE_ENC);
  const char *rest = bytes;
  const int piece = 65536;
  for (; count > 0; rest += piece, count -= piece)
    htmlParseChunk(parser, rest, count < piece ? count : piece, 0);
  htmlParseChunk(parser, NULL, 0, 1);
  htmlFreeParserCtxt(parser);
  return 0;
}
