export { charts } from './charts.js'
export { htmlOf } from './html.js'
export { markdownOf } from './markdown.js'
export { pageOf } from './page.js'
