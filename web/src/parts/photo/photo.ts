import { t } from '@/app/i18n'

export const kinds = ['signed_paper', 'test_strip', 'report', 'receipt', 'order', 'identity_document', 'photo', 'other'] as const
export type PhotoKind = (typeof kinds)[number]

/** What a file may have at most, as the server is set up at first. */
export const mostBytes = 10 << 20

const longest = 2048
const quality = 0.85

/** The photo drawn anew, at most 2048 pixels long: neither place nor device comes along. */
export async function shrunk(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error(t('photo.unreadable'))
  })
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const pen = canvas.getContext('2d')!
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const out = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
  if (!out) throw new Error(t('photo.unreadable'))
  return out
}
