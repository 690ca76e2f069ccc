import { resourceLifecycles } from "./resource-lifecycles";
import { campaign } from "./suite";

campaign("Resources", resourceLifecycles, __filename);
