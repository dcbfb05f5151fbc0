/** The disk on which a folder is, such as `vda`. */
export function disk(folder: string): string
