// A way for bytes between two peers, both ways at once: for measuring how fast it is.

export interface Link {
  /** Of the other end, as this side's connection has it: an IP address. */
  readonly address: string
  /** Resolves when more may be sent. */
  send(bytes: Uint8Array): Promise<void>
  /** What comes, to be read once; ends when the other end has nothing more to say. */
  readonly received: AsyncIterable<Uint8Array>
  /** Whatever is under way ends with an error. */
  close(): void
}

export type TakeLink = (link: Link, from: Uint8Array) => Promise<void>

/** The protocol's name on the wire, and in what a peer says it answers. */
export const LINKS = 'measure'
