// What answers queries, and how: the same for the worker of the page and for a server.

export interface Term {
  type: "iri" | "literal" | "blank" | "triple";
  value: string;
  language?: string;
  datatype?: string;
}

export type Triple = [subject: Term, predicate: Term, object: Term];

export type Answer =
  | { kind: "solutions"; variables: string[]; rows: (Term | null)[][] }
  | { kind: "boolean"; value: boolean }
  | { kind: "graph"; triples: Triple[] };

export interface Answered {
  answer: Answer;
  milliseconds: number;
}

/** Where queries are answered. */
export interface Engine {
  /** Make ready, once; gives the number of quads that were loaded, `null` where none need be. */
  load(): Promise<number | null>;
  ask(query: string): Promise<Answered>;
  /** The answer to a query in a format: `csv`, `json`, `ttl` or `nt`. */
  write(query: string, format: string): Promise<string>;
  /** End the running query. */
  stop(): void;
}

/** A query was stopped by the reader. */
export class Stopped extends Error {}

/** There is no answer; line and column, 1-based, where the query is wrong. */
export class Failed extends Error {
  constructor(
    message: string,
    readonly line: number | null = null,
    readonly column: number | null = null,
  ) {
    super(message);
  }
}

/** What the page says to the worker that evaluates queries, and what that says. */
export type Request =
  | { do: "load"; dump: string }
  | { do: "ask"; id: number; query: string }
  | { do: "write"; id: number; query: string; format: string };

export type Reply =
  | { is: "loaded"; quads: number }
  | { is: "answer"; id: number; answer: Answer; milliseconds: number }
  | { is: "written"; id: number; text: string }
  | { is: "error"; id: number | null; message: string };
