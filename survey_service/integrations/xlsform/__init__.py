"""Questionnaires as XLSForm workbooks, the format that ODK, Kobo, SurveyCTO and ArcGIS Survey123 share.

`read_xlsform` gives a questionnaire or refuses the whole workbook with each row and reason;
`write_xlsform` gives a workbook that reads back as the same questionnaire.

What of XLSForm is understood, and how:

* sheets `survey`, `choices`, `settings`; a workbook with one sheet has it as its survey;
* types select_one, select_multiple (with or_other), rank, range, integer, decimal, date, text, acknowledge
  (a consent), note, begin_group, end_group; hidden names a fact of the person for texts and conditions;
* appearances: multiline (a long text), postcode and postcode area (of a text); likert, likert numbers,
  likert smileys (of a select_one: a scale); table-list of a group (a grid), table-list scale (of a scale);
* columns may_decline (offers "prefer not to say") and, on the choices sheet, is_exclusive ("none of these");
* columns label, hint, required, required_message, relevant, constraint, constraint_message, with
  languages (`label::English (en)`, `label::fr`); `takes_text` on the choices sheet marks the choice that
  offers a text of its own;
* a group is a block. The group named `core` is what everybody is asked; if none has that name, the
  questions before the groups are the core; if there are none, the first group is. The core comes first;
* a condition on a group becomes part of the condition of each of its questions;
* a plain form_title stands for every language; `form_title_fr` gives the French one;
* choice lists that no question uses, and sheets that XLSForm does not know, are left aside.
"""

from survey_service.integrations.xlsform.read import read_xlsform
from survey_service.integrations.xlsform.write import write_xlsform

__all__ = ["read_xlsform", "write_xlsform"]
