import { stacks } from "./stack-lifecycles";
import { campaign } from "./suite";

campaign("Clusters with their parts", stacks, __filename);
