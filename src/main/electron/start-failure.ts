import { type AppErrorCode, serializeError } from '../../shared/errors.ts'

/** Chinese sentences for what can keep the library from opening; English is the error's own message. */
const chineseSentences: Partial<Record<AppErrorCode, string>> = {
  'storage-locked': '这个资料库正被另一个 Carrel（窗口或命令行）使用。请先关闭它，再重新打开。',
  'storage-newer': '这个资料库由更新版本的 Carrel 写成。请安装新版本后再打开；资料没有改动。',
  'storage-corrupt': '资料库文件已损坏。请从备份恢复数据文件夹，或另选一个数据文件夹启动。',
  'storage-full': '磁盘已满，资料库无法打开。请腾出空间后再试。',
  'embedding-model-missing': '随附的向量模型文件缺失或被改动。请重新安装 Carrel。',
}
const chineseFallback = 'Carrel 无法打开资料库。请重试；日志中有详细信息。'

/** What is shown instead of the window when the library cannot be opened: a title, and one sentence with the next step. */
export interface StartFailure {
  readonly code: AppErrorCode
  readonly title: string
  readonly sentence: string
}

/** `locale` as the system gives it, such as `zh-CN`. */
export function describeStartFailure(error: unknown, locale: string): StartFailure {
  const { code, message } = serializeError(error)
  if (!locale.toLowerCase().startsWith('zh'))
    return { code, title: 'Carrel could not open the library', sentence: message }
  return { code, title: 'Carrel 无法打开资料库', sentence: chineseSentences[code] ?? chineseFallback }
}
