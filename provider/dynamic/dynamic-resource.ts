/** A defined resource with what Pulumi's dynamic server loads of its module. */
import type { DefinedResource } from "../resource/define-resource";
import { defineResource } from "../resource/define-resource";
import type { ResourceDefinition } from "../resource/definition";
import type { ProviderModule } from "./dynamic-provider";
import { toDynamicProvider } from "./dynamic-provider";

interface DynamicResource<Inputs extends object, State extends object>
  extends DefinedResource<Inputs, State> {
  /** Loaded by the source in state. */
  readonly provider: ProviderModule;
}

export function dynamicResource<Inputs extends object, State extends object, Remote>(
  definition: ResourceDefinition<Inputs, State, Remote>,
): DynamicResource<Inputs, State> {
  const defined = defineResource(definition);
  return { ...defined, provider: toDynamicProvider(defined.lifecycle) };
}
