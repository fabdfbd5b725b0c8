// What is wrong with a YAML text, in plain sentences: one for each code of its reader.

const words: Record<string, string> = {
  ALIAS_PROPS: 'an alias (*name) takes no tag and no name of its own',
  BAD_ALIAS: 'this alias (*name) cannot be read',
  BAD_COLLECTION_TYPE: 'a list or map does not fit the tag before it',
  BAD_DIRECTIVE: 'a line that begins with % cannot be read; put the value in quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes begins no escape that is known; write it twice',
  BAD_INDENT: 'this line is not indented like those it belongs to',
  BAD_PROP_ORDER: 'a tag or anchor stands in the wrong place',
  BAD_SCALAR_START: 'a value cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a name is followed by two values on one line; put the value in quotes',
  BLOCK_IN_FLOW: 'between { } or [ ] no list or map can be written over several lines',
  DUPLICATE_KEY: 'this name stands here twice',
  KEY_OVER_1024_CHARS: 'a name has at most 1,024 characters',
  MISSING_CHAR: 'something is missing here: a colon, a comma, a space, a quote or a closing bracket',
  MULTILINE_IMPLICIT_KEY: 'a name has to stand on one line and end with a colon',
  MULTIPLE_ANCHORS: 'a value has at most one anchor (&name)',
  MULTIPLE_DOCS: 'there are several documents; one is taken',
  MULTIPLE_TAGS: 'a value has at most one tag',
  NON_STRING_KEY: 'a name has to be text; put it in quotes',
  TAB_AS_INDENT: 'lines are indented with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'this tag cannot be used; leave it out',
  UNEXPECTED_TOKEN: 'this cannot stand here; put values with special characters in quotes',
};

/** The sentence for a code; a code that nobody knows is still a fault. */
export function sayYamlFault(code: string): string {
  return words[code] ?? 'this is not YAML';
}
