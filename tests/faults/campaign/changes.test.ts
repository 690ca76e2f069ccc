import { changes } from "./cluster-lifecycles";
import { campaign } from "./suite";

campaign("Clusters being changed", changes, __filename);
