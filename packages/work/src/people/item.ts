// What people look at: line i of a text, as plain text, or as JSON that names a text, an image, or both.
import { z } from 'zod'
import { lineOf } from '../content/lines.ts'
import { WorkError } from '../errors.ts'
import type { Content } from '../kind.ts'
import type { Shown } from './question.ts'

const item = z.strictObject({
  text: z.string().optional(),
  image: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})

/** Shown under `name`, an image as `name image`. */
export async function itemOf(
  { of, name }: { readonly of: Uint8Array; readonly name: string },
  index: number,
  content: Content,
): Promise<readonly Shown[]> {
  const line = new TextDecoder().decode(lineOf(await content.get(of), index))
  const { text, image } = line.startsWith('{') ? parsed(line, index) : { text: line, image: undefined }
  return [
    ...(text === undefined ? [] : [{ name, type: 'text' as const, text }]),
    ...(image === undefined ? [] : [{ name: imageName(name), type: 'image' as const, hash: image }]),
  ]
}

export function imageName(name: string): string {
  return `${name} image`
}

function parsed(line: string, index: number): z.infer<typeof item> {
  try {
    return item.parse(JSON.parse(line))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new WorkError('task/none', `Line ${index} of the job's text shows nothing: ${why}`, { index })
  }
}
