// Fenced blocks and links of the project's Markdown.
import { type Source, texts } from './sources.ts'

export interface Block {
  readonly file: string
  /** What stands behind the fence: 'sh', 'ts run', ... */
  readonly info: string
  readonly text: string
}

export const pages: readonly Source[] = texts.filter(({ path }) => path.endsWith('.md'))

export function blocksOf({ path, text }: Source): Block[] {
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', inside = '']) => ({
    file: path,
    info: info.trim(),
    text: inside,
  }))
}

/** The commands of a block, without comments. */
export function commandsOf({ text }: Block): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}

/** Where the links of a page lead inside the project, without their anchors. */
export function linksOf({ text }: Source): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
}
