import { creations } from "./cluster-lifecycles";
import { campaign } from "./suite";

campaign("Clusters being made", creations, __filename);
