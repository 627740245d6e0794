// The worker as the page sees it: one question at a time, and a stop that really stops.

import { type Answered, type Engine, Failed, type Reply, type Request, Stopped } from "./answers";

const POSITION = /error at (\d+):(\d+)/;

function failed(message: string): Failed {
  const at = POSITION.exec(message);
  return at === null ? new Failed(message) : new Failed(message, Number(at[1]), Number(at[2]));
}

interface Waiting {
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

export class Worked implements Engine {
  private worker: Worker | null = null;
  private ready: Promise<number> | null = null;
  private waiting: Waiting | null = null;
  private last = 0;

  constructor(private readonly dump: string) {}

  /** Load the dump, once; gives the number of its quads. */
  load(): Promise<number> {
    this.ready ??= this.start();
    return this.ready;
  }

  private async start(): Promise<number> {
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.worker.onmessage = (event: MessageEvent<Reply>) => this.heard(event.data);
    this.worker.onerror = (event) => this.heard({ is: "error", id: null, message: event.message });
    const reply = await this.send({ do: "load", dump: new URL(this.dump, document.baseURI).href });
    return reply.is === "loaded" ? reply.quads : 0;
  }

  private heard(reply: Reply): void {
    const waiting = this.waiting;
    this.waiting = null;
    if (reply.is === "error") {
      if (reply.id === null) this.end();
      waiting?.reject(failed(reply.message));
    } else waiting?.resolve(reply);
  }

  private send(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker!.postMessage(request);
    });
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = null;
    this.ready = null;
  }

  /** End the running query; the next one loads the dump again. */
  stop(): void {
    const waiting = this.waiting;
    this.waiting = null;
    this.end();
    waiting?.reject(new Stopped());
  }

  async ask(query: string): Promise<Answered> {
    await this.load();
    const reply = await this.send({ do: "ask", id: ++this.last, query });
    if (reply.is !== "answer") throw new Error(reply.is);
    return reply;
  }

  /** The answer to a query in a format that oxigraph writes. */
  async write(query: string, format: string): Promise<string> {
    await this.load();
    const reply = await this.send({ do: "write", id: ++this.last, query, format });
    if (reply.is !== "written") throw new Error(reply.is);
    return reply.text;
  }
}
