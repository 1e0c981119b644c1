'use server';
import { action } from '@/lib/action';
import { ImportPython } from '@/lib/imagespec/inputs';
import { importPython as importFile } from '@/lib/services/tasks';

export const importPython = action(ImportPython, importFile);
