'use server';
import { action } from '@/lib/action';
import {
  CreateProject,
  ProjectId,
  RenameProject,
  SetProjectImage,
} from '@/lib/imagespec/projects';
import * as defaultImages from '@/lib/services/default-image-views';
import * as projects from '@/lib/services/projects';

export const createProject = action(CreateProject, projects.createProject);
export const renameProject = action(RenameProject, projects.renameProject);
export const setProjectImage = action(
  SetProjectImage,
  projects.setProjectImage,
);
export const deleteProject = action(ProjectId, projects.deleteProject);
export const checkProjectImage = action(
  ProjectId,
  defaultImages.checkProjectImage,
);
