// What a task asks of a person, or of a program of the contributor's own: something to read, and fields to fill in.
// A workbench draws it, a terminal prints it, a program reads it as JSON.

export interface Option {
  readonly value: string
  readonly label: string
}

interface Named {
  /** The key of its value in an answer. */
  readonly name: string
  readonly label: string
}

export type Field =
  | (Named & { readonly type: 'one' | 'several'; readonly options: readonly Option[] })
  | (Named & { readonly type: 'text'; readonly least: number; readonly most: number })
  | (Named & { readonly type: 'number'; readonly least: number; readonly most: number })
  /** Base64, of at most so many bytes. */
  | (Named & { readonly type: 'bytes'; readonly most: number })
  /** Drawn on the image that is shown under that name, in its pixels. */
  | (Named & {
      readonly type: 'boxes'
      readonly image: string
      readonly labels: readonly string[]
      readonly most: number
    })
  /** Copied word by word from what is shown under one of these names. */
  | (Named & { readonly type: 'quotes'; readonly sources: readonly string[]; readonly most: number })

export type Shown = { readonly name: string } & (
  | { readonly type: 'text'; readonly text: string }
  /** Content by its SHA-256, in hex. */
  | { readonly type: 'image'; readonly hash: string }
  | { readonly type: 'bytes'; readonly base64: string }
)

export interface Question {
  /** Markdown; an image in it is `![what it shows](sha256:HASH)`. */
  readonly instructions: string
  readonly shown: readonly Shown[]
  readonly fields: readonly Field[]
  /** In millionths of the price: what an accepted answer is paid at least. */
  readonly floor: number
}
