/** The choice in brackets, as in `none [mq-deadline] kyber`; text without brackets stands for itself. */
export function chosen(text: string): string {
  return /\[([^\]]*)\]/.exec(text)?.[1] ?? text
}
