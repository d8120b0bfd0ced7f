// The components of both design systems that staff pages use start themselves where their mark-up is.

import {
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  Radios,
  ServiceNavigation,
  Tabs,
  createAll,
} from "govuk-frontend";
import { followTyping } from "./live-preview.js";
import { SortableTable } from "@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs";

const components = [Button, Checkboxes, ErrorSummary, NotificationBanner, Radios, ServiceNavigation, Tabs];
for (const component of [...components, SortableTable]) {
  createAll(component);
}

const written = document.querySelector("form[data-live-preview]");
if (written) followTyping(written);
