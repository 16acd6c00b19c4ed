declare module "*/vendor/marked.esm.js" {
  export class Lexer {
    static lex(text: string, options: object): any[];
    static lexInline(text: string, options: object): any[];
  }
}
