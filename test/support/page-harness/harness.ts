import { settingsSchema } from '../../../src/shared/settings.ts'
import { createFakePageApi } from '../fake-page-api.ts'
import { questions, sceneWorld } from './scenes.ts'

/** Opens the page with a fake world: `?scene=answered&language=zh&theme=dark`. */
const parameters = new URLSearchParams(location.search)
const language = parameters.get('language') === 'zh' ? 'zh' : 'en'
const { api, world } = createFakePageApi({
  ...sceneWorld(parameters.get('scene') ?? 'answered', language),
  settings: settingsSchema.parse({
    language: language === 'zh' ? 'zh-CN' : 'en',
    theme: parameters.get('theme') ?? 'light',
  }),
})
Object.assign(window, { api, fakeWorld: world, fakeQuestion: questions[language] })
await import('../../../src/renderer/main.tsx')
