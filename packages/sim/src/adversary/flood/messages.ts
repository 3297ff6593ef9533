// What the processes of a flood tell each other.

export interface Ready {
  readonly address: string
}

export interface Heard {
  /** Hash of the batch. */
  readonly heard: string
  /** So many bad ones it has looked at. */
  readonly refused: number
}

/** What an attacker is told, and says when it is over. */
export interface Flood {
  readonly address: string
  readonly perSecond: number
  readonly seconds: number
}

export interface Flooded {
  readonly sent: number
  /** Identities that it took. */
  readonly identities: number
}
