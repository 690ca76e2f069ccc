import { parts } from "./part-lifecycles";
import { campaign } from "./suite";

campaign("Parts of clusters", parts, __filename);
