// @ts-check
import { listModels } from "./api.js";
import { modelOf } from "./assistant.js";

/**
 * Whether the model of an assistant sees pictures. One the server says nothing of, or cannot say of now, is taken
 * to see them: its own refusal is then shown.
 * @param {import("./types.js").Assistant | null} assistant
 */
export async function seesPictures(assistant) {
  const name = modelOf(assistant);
  const models = await listModels().catch(() => []);
  return models.find((model) => model.name === name)?.images ?? true;
}
