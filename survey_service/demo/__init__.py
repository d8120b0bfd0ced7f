"""Material for trying the platform: the first customer's survey, its published results, a made-up community.

The source of all figures is the report "Review of Community Engagement" (Pol 20-17) to the Police
Committee of the City of London Corporation, 18 May 2017, paragraph 2.5.6.
"""
