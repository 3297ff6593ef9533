// What the processes of a flood tell each other.

export interface Ready {
  readonly address: string
}

export interface Heard {
  /** Hash of the batch. */
  readonly heard: string
  /** So many bad ones it has looked at. */
  readonly refused: number
  /** So many bad ones it has read, looked at or not. */
  readonly came: number
}

/** What an attacker is told, and says when it is over. */
export interface Flood {
  readonly address: string
  readonly perSecond: number
  readonly seconds: number
}

export interface Flooded {
  /** Messages that its streams took. */
  readonly sent: number
  /** Identities that were let in. */
  readonly identities: number
}
