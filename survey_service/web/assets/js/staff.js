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

// Where a form of respondents is typed in, its own script shows and hides what belongs to an answer.
const isTypedIn = document.querySelector("form[data-survey-form]") !== null;
const answers = isTypedIn ? [] : [Checkboxes, Radios];
const components = [Button, ErrorSummary, NotificationBanner, ServiceNavigation, Tabs, SortableTable];
for (const component of [...components, ...answers]) {
  createAll(component);
}

const written = document.querySelector("form[data-live-preview]");
if (written) followTyping(written);
