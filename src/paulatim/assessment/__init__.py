"""Assessment: the patient, vital signs, and reactions graded from their signs."""

from paulatim.assessment.patient import Patient
from paulatim.assessment.reaction import Grade, Sign, brown
from paulatim.assessment.vitals import Breach, ImpossibleVitals, Vitals, breaches

__all__ = ["Breach", "Grade", "ImpossibleVitals", "Patient", "Sign", "Vitals", "breaches", "brown"]
