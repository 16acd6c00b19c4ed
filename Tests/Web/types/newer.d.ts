// What browsers have had for years and the type checker in Debian 12 (TypeScript 4.8) does not know yet.
interface Array<T> {
  with(index: number, value: T): T[];
  findLast(predicate: (value: T, index: number) => unknown): T | undefined;
  findLastIndex(predicate: (value: T, index: number) => unknown): number;
}
interface HTMLElement {
  inert: boolean;
}
