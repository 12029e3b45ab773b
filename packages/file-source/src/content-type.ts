/** No kind of file needs more to be recognised, and nobody's archive is unpacked to look further. */
const HEAD = 64 * 1024

/** The MIME type of a file by what it begins with. */
export async function contentType(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (isSilk(bytes)) return 'audio/silk'
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(bytes.subarray(0, HEAD))
  // Speex and Vorbis both come in Ogg, but no player of one plays the other.
  if (found?.ext === 'spx') return 'audio/ogg; codecs=speex'
  return found?.mime ?? 'application/octet-stream'
}

/** The voice messages of mobile QQ, which no library knows; QQ puts a byte of its own before. */
function isSilk(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(bytes[0] === 2 ? 1 : 0, 10)).toString('latin1')
  return head.startsWith('#!SILK_V3')
}
