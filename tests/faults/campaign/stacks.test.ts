import { stacks } from "./part-lifecycles";
import { campaign } from "./suite";

campaign("Clusters with their parts", stacks, __filename);
