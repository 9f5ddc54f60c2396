"""Pictures that people send in: looked at before a pixel is decoded, freed of what is not the picture, made smaller."""
