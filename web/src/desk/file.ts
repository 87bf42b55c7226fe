/** Gives the browser a file to keep. Its address serves no page, and is gone once it was read. */
export function saveAs(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name.replaceAll(/[\\/:*?"<>|]/g, '-')
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
